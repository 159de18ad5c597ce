import CStartup
import MountscopeCommands

cstartup_restore_signals()
Mountscope.run(CommandLine.unsafeArgv)
