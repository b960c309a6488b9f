// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit.Abstractions;

namespace HostTests.Soak;

/// <summary>Early silicon, and words with the high byte first.</summary>
public sealed class EarlySiliconSoakTests(ITestOutputHelper output) : SoakTest(output)
{
    [Fact]
    public void The_driver_outlives_every_fault() => OutliveEveryFault(new SoakSettings
    {
        Seed = 2,
        Revision = ChipOptions.RevisionB4,
        Order = SpiWordOrder.HighByteFirst,
        UseInterruptPin = false,
    });
}
