// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;

// the version of the firmware's table, which Visual Studio compares before it deploys
[assembly: AssemblyNativeVersion("100.2.0.14")]
