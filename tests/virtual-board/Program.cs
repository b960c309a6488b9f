// Licensed under the MIT license. See LICENSE in the repository root.

return VirtualBoard.CommandLine.Run(args);
