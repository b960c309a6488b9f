// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit.Abstractions;

namespace HostTests.Soak;

/// <summary>With the interrupt pin wired.</summary>
public sealed class InterruptPinSoakTests(ITestOutputHelper output) : SoakTest(output)
{
    [Fact]
    public void The_driver_outlives_every_fault() => OutliveEveryFault(new SoakSettings
    {
        Seed = 3,
        Revision = ChipOptions.RevisionB5,
        Order = SpiWordOrder.LowByteFirst,
        UseInterruptPin = true,
    });
}
