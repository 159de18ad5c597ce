import Contention

/// Suppliers in their order of preference.
struct SupplierList {
    let suppliers: [any SeriesSupplier]

    init(suppliers: [any SeriesSupplier]) { self.suppliers = suppliers }

    /// What will become of suppliers, as far as that can be told without attaching anything.
    init(foreseen suppliers: [any SeriesSupplier]) {
        for (place, supplier) in suppliers.enumerated() {
            supplier.foresee(beside: SupplierList(suppliers: Array(suppliers[..<place])).asEarlier)
        }
        self.suppliers = suppliers
    }

    /// The best way to a series; nil where nobody knows of it.
    func offer(_ key: SeriesKey) -> Offer? { best(key)?.offer }

    /// Who gives a series, and how; nil where nobody knows of it.
    func best(_ key: SeriesKey) -> (supplier: any SeriesSupplier, offer: Offer)? {
        let offers = suppliers.map { $0.offer(key) }
        return OfferChoice.best(offers).flatMap { place in offers[place].map { (suppliers[place], $0) } }
    }

    /// Every series of this kernel, in the order of all outputs. Where two suppliers split a metric differently the later one
    /// is heard: it comes into play only where the earlier ones give nothing.
    var keys: [SeriesKey] {
        Metric.allCases.flatMap { metric in
            let sites = suppliers.lazy.reversed().compactMap { $0.sites(of: metric) }.first
            return (sites ?? metric.sites).map { SeriesKey(metric, site: $0) }
        }
    }

    /// As those that come after them see them.
    var asEarlier: EarlierSuppliers { EarlierSuppliers(offer: offer, programs: programs.map(\.name)) }

    /// The attach table.
    var rows: [AttachRow] { keys.flatMap { key in best(key)?.supplier.rows(key) ?? [] } }

    /// Programs that are attached.
    var programs: [AttachedProgram] { suppliers.flatMap(\.programs) }
}
