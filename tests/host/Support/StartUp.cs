// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;
using TcpIp.Http;

namespace HostTests.Support;

/// <summary>
/// What a board does when it is switched on, before any test: nanoCLR runs all static constructors then, .NET each when its type is first
/// used, where it would count as allocated by whatever the test is looking at.
/// </summary>
internal static class StartUp
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "It is for the tests of this assembly.")]
    internal static void RunStaticConstructors()
    {
        foreach (Type type in new[] { typeof(TcpIpStack), typeof(HttpServer) }.SelectMany(t => t.Assembly.GetTypes()))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }
}
