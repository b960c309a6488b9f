// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit.Abstractions;

namespace HostTests.Soak;

/// <summary>The latest silicon, as most modules have it; the seed that the variables are for.</summary>
public sealed class LatestSiliconSoakTests(ITestOutputHelper output) : SoakTest(output)
{
    [Fact]
    public void The_driver_outlives_every_fault() => OutliveEveryFault(new SoakSettings
    {
        Seed = 1,
        Revision = ChipOptions.RevisionB7,
        Order = SpiWordOrder.LowByteFirst,
        UseInterruptPin = false,
    });
}
