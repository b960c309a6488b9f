// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Device.Spi;
using Firmware;
using HostTests.BoardNetwork;
using HostTests.Repository;
using Iot.Device.Enc28j60;
using TcpIp.Http;
using TcpIp.Link;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that each service of the flashed image takes is what its objects and its sockets take.</summary>
public sealed class ServiceObjectsTests
{
    [Fact]
    public void The_README_says_what_an_image_without_a_service_saves()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        Network network = board.Network;
        int socket = Bytes(c => c.UdpSockets++);
        int group = Bytes(c => c.MulticastGroups++);
        (string Service, int Bytes)[] rows =
        [
            ("DHCP", Bytes(network.Dhcp) + socket),
            ("names, with two sockets", Bytes(network.Resolver) + (2 * socket)),
            ("mDNS", Bytes(network.Mdns) + socket + group),
            ("the time", Bytes(network.Sntp) + socket),
        ];
        string readme = File.ReadAllText(RepositoryFiles.FullPath("README.md"));
        string[] said = [.. rows.Select(r => ReadmeNumber.Row(r.Service, r.Bytes))];
        Assert.True(said.All(row => readme.Contains(row, StringComparison.Ordinal)), string.Join("\n", said));
    }

    /// <summary>What an object takes, without what is there without it.</summary>
    private static int Bytes(object service) => new HeapEstimate(
        o => (o is TcpIpStack or SocketLayer or RandomSource or Enc28j60 or MacAddress or HttpServer or SpiDevice or GpioController or Random or Delegate || o is INameResolver) && o != service).Bytes(service);

    private static int Bytes(Action<StackConfiguration> change)
    {
        StackConfiguration before = new();
        StackConfiguration after = new();
        change(after);
        return after.MemoryBytes() - before.MemoryBytes();
    }
}
