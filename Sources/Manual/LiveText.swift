import Contention

/// What the manual page says of the live view.
enum LiveText {
    static let sections = [verdict, environment]

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    private static let verdict = ManualSection(
        title: "VERDICT",
        text: """
            The live view, each block of lines and each report begin with a verdict. It goes by the CPUs that are lost \
            to mount_lock (they spin until a write section ends, wait for the spinlock, or walk a path again), of all \
            online CPUs, or by the tasks that wait for namespace_sem on average, whichever is worse. A walk that is done \
            again is taken to cost \(Int(LockVerdict.pricePerWalk)) ns. In front of a number, ~ means roughly, > at \
            least and < at most; - is not known. In the live view, ? shows the keys.
            """,
        items: [
            ManualSection.Item(
                term: VerdictLevel.calm.rawValue, text: "Less than each of the following."),
            ManualSection.Item(
                term: VerdictLevel.busy.rawValue,
                text:
                    "\(percent(VerdictLevel.lostShare.busy)) of the CPUs are lost, or \(VerdictLevel.waitingTasks.busy) "
                    + "tasks wait."),
            ManualSection.Item(
                term: VerdictLevel.storm.rawValue,
                text:
                    "\(percent(VerdictLevel.lostShare.storm)) of the CPUs are lost, or \(VerdictLevel.waitingTasks.storm) "
                    + "tasks wait."),
            ManualSection.Item(term: "UNKNOWN", text: "Nothing that would tell is measured here."),
        ])

    private static let environment = ManualSection(
        title: "ENVIRONMENT",
        items: [
            ManualSection.Item(term: "Ev NO_COLOR", text: "Not empty: the live view has no colours."),
            ManualSection.Item(
                term: "Ev TERM",
                text: "How many colours the terminal has. dumb, or not set: plain lines instead of a full screen."),
            ManualSection.Item(term: "Ev COLORTERM", text: "truecolor or 24bit: 24 bits of colour."),
            ManualSection.Item(
                term: "Ev LC_ALL , LC_CTYPE , LANG",
                text: "The first that is set: without UTF-8 in it the live view is drawn in ASCII."),
        ])
}
