// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;

[assembly: AssemblyTitle("System.Net over TcpIp, which is not nanoFramework's")]
[assembly: AssemblyDescription("nanoFramework's System.Net as its libraries know it, over a managed TCP/IP stack. Not nanoFramework's own.")]
[assembly: AssemblyProduct("TcpIp.SystemNet")]
[assembly: AssemblyCopyright("Copyright (c) 2026")]

// libraries are bound by the first two numbers; the third is above all builds that they were compiled against
[assembly: AssemblyVersion("1.11.999.0")]
[assembly: AssemblyFileVersion("1.11.999.0")]
