// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Device.Spi;
using System.Globalization;
using Firmware;
using HostTests.BoardNetwork;
using HostTests.Repository;

namespace HostTests.Memory;

/// <summary>What the README says that the flashed image takes is what its objects take, to the kilobyte.</summary>
public sealed class ImageObjectsTests
{
    [Fact]
    public void The_README_says_what_the_image_takes()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        int bytes = new HeapEstimate(o => o is SpiDevice or GpioController or GpioPin or Random or Delegate or Thread or WaitHandle).Bytes(board.Application);
        string said = (Math.Round(bytes / 1000.0) * 1000).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
        Assert.True(File.ReadAllText(RepositoryFiles.FullPath("README.md")).Contains($"about {said} |", StringComparison.Ordinal), said);
    }
}
