// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;
using Firmware;

namespace HostTests.Support;

/// <summary>Boards in this process have the address that stands in Board.cs, at once: tests that are about DHCP say so.</summary>
internal static class FixedAddress
{
    [ModuleInitializer]
    internal static void Set() => Board.AddressMode = AddressMode.Static;
}
