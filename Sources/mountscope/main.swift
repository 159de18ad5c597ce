import MountscopeCommands

Mountscope.main()
