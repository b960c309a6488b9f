// Licensed under the MIT license. See LICENSE in the repository root.

Console.WriteLine("benchmarks: not written yet");
