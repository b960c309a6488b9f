// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Security.Cryptography;
using HostTests.EndToEnd;
using VirtualBoard;
using Kernel = System.Net;
using KernelSocket = System.Net.Sockets;
using Ours = ours::System.Net;
using OurSocket = ours::System.Net.Sockets;

namespace HostTests.SystemNet.Peers;

/// <summary>The Linux kernel and our System.Net, over a TAP device and the chip's model.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelPeerTests
{
    private const int Port = 7;
    private const int MulticastPort = 5353;
    private const int Patience = 10_000;
    private const int Moment = 300;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [KernelTheory]
    [InlineData(0, 1_000_000)]
    [InlineData(1, 100_000)]
    public void Much_goes_there_and_back(int percent, int length)
    {
        ImpairmentSettings? impairment = percent == 0 ? null : new ImpairmentSettings { Lose = percent, Duplicate = percent, Reorder = percent };
        using KernelNamespace network = new();
        using SystemNetBoard board = new(network, impairment);
        using (new Echo(Port))
        {
            byte[] text = KernelTransfer.CreatePayload(8, length);
            using KernelSocket.Socket socket = network.OpenSocket(KernelSocket.SocketType.Stream, (int)s_limit.TotalMilliseconds);
            socket.Connect(KernelNamespace.StackAddress, Port);
            Assert.Equal(SHA256.HashData(text), KernelTransfer.RunPartner(socket, text, sendFirst: false));
        }

        board.AssertClean();
    }

    /// <summary>What libraries for multicast DNS do: bind, join, answer whom they hear; and after leaving they hear nobody.</summary>
    [KernelFact]
    public void A_group_is_joined_heard_and_left()
    {
        byte[] group = [224, 0, 0, 251];
        Kernel.IPEndPoint everybody = new(new Kernel.IPAddress(group), MulticastPort);
        using KernelNamespace network = new();
        using SystemNetBoard board = new(network);
        using KernelSocket.Socket peer = network.OpenSocket(KernelSocket.SocketType.Dgram, Patience);
        peer.SetSocketOption(KernelSocket.SocketOptionLevel.IP, KernelSocket.SocketOptionName.MulticastInterface, KernelNamespace.KernelAddress.GetAddressBytes());
        peer.SetSocketOption(KernelSocket.SocketOptionLevel.IP, KernelSocket.SocketOptionName.AddMembership, new KernelSocket.MulticastOption(everybody.Address, KernelNamespace.KernelAddress));
        peer.SetSocketOption(KernelSocket.SocketOptionLevel.IP, KernelSocket.SocketOptionName.MulticastLoopback, false);
        peer.Bind(new Kernel.IPEndPoint(Kernel.IPAddress.Any, MulticastPort));
        using (OurSocket.Socket socket = new(OurSocket.AddressFamily.InterNetwork, OurSocket.SocketType.Dgram, OurSocket.ProtocolType.Udp) { ReceiveTimeout = Patience })
        {
            socket.Bind(new Ours.IPEndPoint(Ours.IPAddress.Any, MulticastPort));

            // what it sends to the group it would hear itself, as on every system
            socket.SetSocketOption(OurSocket.SocketOptionLevel.IP, OurSocket.SocketOptionName.MulticastLoopback, false);
            byte[] membership = [.. group, 0, 0, 0, 0];
            socket.SetSocketOption(OurSocket.SocketOptionLevel.IP, OurSocket.SocketOptionName.AddMembership, membership);
            byte[] buffer = new byte[1500];
            foreach (int length in new[] { 1, 1400 })
            {
                byte[] question = Wire.PatternBytes(length, length);
                peer.SendTo(question, everybody);
                Ours.EndPoint from = new Ours.IPEndPoint(Ours.IPAddress.Any, 0);
                Assert.Equal(length, socket.ReceiveFrom(buffer, ref from));
                Assert.Equal(question, buffer[..length]);
                Assert.Equal($"{KernelNamespace.KernelAddress}:{MulticastPort}", from.ToString());

                // to all, and to the one who has asked
                foreach (Ours.EndPoint to in new[] { new Ours.IPEndPoint(new Ours.IPAddress(group), MulticastPort), from })
                {
                    socket.SendTo(question, to);
                    Kernel.EndPoint sender = new Kernel.IPEndPoint(Kernel.IPAddress.Any, 0);
                    Assert.Equal(length, peer.ReceiveFrom(buffer, ref sender));
                    Assert.Equal(question, buffer[..length]);
                    Assert.Equal($"{KernelNamespace.StackAddress}:{MulticastPort}", sender.ToString());
                }
            }

            socket.SetSocketOption(OurSocket.SocketOptionLevel.IP, OurSocket.SocketOptionName.DropMembership, membership);
            peer.SendTo([1], everybody);
            socket.ReceiveTimeout = Moment;
            Assert.Equal(10060, Assert.Throws<OurSocket.SocketException>(() => socket.Receive(buffer)).ErrorCode);
        }

        board.AssertClean();
    }

    /// <summary>Sends back what comes.</summary>
    private sealed class Echo(int port) : OurServer(port)
    {
        protected override void Serve(OurStream stream)
        {
            byte[]? received;
            while ((received = stream.ReadSome()) != null)
            {
                stream.Write(received);
            }
        }
    }
}
