// Licensed under the MIT license. See LICENSE in the repository root.

Console.WriteLine("virtual-board: not written yet");
