// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyTitle("TcpIp.Dns")]
[assembly: AssemblyCopyright("Copyright (c) 2026")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]

// how messages are read and names written is the same for who answers
[assembly: InternalsVisibleTo("TcpIp.Mdns")]
