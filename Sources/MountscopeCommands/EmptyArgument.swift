import ArgumentParser

/// - Throws: `ValidationError`, a usage error, for an empty text; nil is none.
func refuseEmpty(_ text: String?, _ what: String) throws {
    if text?.isEmpty == true { throw ValidationError("\(what) is empty") }
}
