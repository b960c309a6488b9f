// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Device.Spi;
using Firmware;
using HostTests.BoardNetwork;
using HostTests.Repository;
using TcpIp.Frames;
using TcpIp.Http;

namespace HostTests.Memory;

/// <summary>What the README says that the flashed image takes is what its objects take, all of them to the kilobyte and each part to the byte.</summary>
public sealed class ImageObjectsTests
{
    private const string Stack = "its stack";
    private const string Driver = "its driver";
    private const string Server = "its web server, 8 connections";
    private const string Application = "its pages and what fills them in";
    private const string Services = "DHCP, names, mDNS and time";

    [Fact]
    public void The_README_says_what_the_image_takes_and_what_each_part_of_it()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        HeapEstimate estimate = new(o => o is SpiDevice or GpioController or GpioPin or Random or Delegate or Thread or WaitHandle);
        Dictionary<string, int> parts = estimate.BytesByPart(board.Application, PartOf);
        Assert.Equal(new[] { Application, Driver, Server, Services, Stack }.Order(StringComparer.Ordinal), parts.Keys.Order(StringComparer.Ordinal));
        string readme = File.ReadAllText(RepositoryFiles.FullPath("README.md"));
        string[] said =
        [
            $"about {ReadmeNumber.Of((int)(Math.Round(parts.Values.Sum() / 1000.0) * 1000))} |",
            .. parts.Select(part => ReadmeNumber.Row(part.Key, part.Value)),
        ];
        Assert.True(said.All(row => readme.Contains(row, StringComparison.Ordinal)), string.Join("\n", said));
    }

    /// <summary>Arrays, and buffers of words, are part of what refers to them.</summary>
    private static string? PartOf(Type type) => type.IsArray || type == typeof(WordBuffer) ? null : type.IsAssignableTo(typeof(HttpPage)) ? Application : type.Namespace switch
    {
        "Firmware" => Application,
        "Iot.Device.Enc28j60" => Driver,
        "TcpIp.Http" => Server,
        "TcpIp.Dhcp" or "TcpIp.Dns" or "TcpIp.Mdns" or "TcpIp.Sntp" => Services,
        string name when name.StartsWith("TcpIp", StringComparison.Ordinal) => Stack,
        _ => null,
    };
}
