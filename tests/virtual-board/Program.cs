// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.ExceptionServices;
using VirtualBoard;

// threads that a firmware has started end like its own when the board is switched off; those that wait for ever keep no board running
ExceptionHandling.SetUnhandledExceptionHandler(exception => exception is PowerSwitch.PowerOffException);
Environment.Exit(CommandLine.Run(args));
