// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Hostile;

/// <summary>What leaves must not tell of what came before (the Etherleak family); and a flood costs only what is flooded.</summary>
public sealed class HostileLeakTests : HostileTest
{
    [Fact]
    public void Answers_to_short_packets_hold_nothing_of_earlier_ones()
    {
        // every frame of every size has held the secret
        byte[] secret = Encoding.ASCII.GetBytes(new string('~', 1400));
        for (int i = 0; i < 40; i++)
        {
            foreach (int length in new[] { 10, 50, 100, 500, 900, 1400 })
            {
                Strike(Net.EchoRequest(i, secret[..length]));
            }
        }

        Net.Packets.Clear();
        Net.Arps.Clear();
        Strike(Net.EchoRequest(2, [1]));
        Strike(99, [7]);
        Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 5, 7, [1]));
        Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 5, 9999, []));
        Strike(6, FrameBuilder.Tcp(Client, TestNetwork.StackIp, 5, 81, 1, 0, SeenFrame.Syn, 1000));
        Strike(6, FrameBuilder.Tcp(Client, TestNetwork.StackIp, 6, 80, 1, 0, SeenFrame.Syn, 1000));
        Strike(FrameBuilder.Arp(TestHost.BroadcastMac, Net.Client.Mac, 1, Net.Client.Mac, Client, 0, TestNetwork.StackIp));
        Assert.Equal(6, Net.Packets.Count);
        Assert.Single(Net.Arps);
        Assert.All(Net.Packets.Concat(Net.Arps), p => Assert.DoesNotContain((byte)'~', p.Bytes));
    }

    [Fact]
    public void A_flood_while_the_controller_is_busy_costs_only_what_is_flooded()
    {
        (TcpPeer peer, int socket) = Connected();
        Net.Interface.Busy = true;
        for (int i = 0; i < 200; i++)
        {
            Strike(Net.EchoRequest(i, new byte[1000]));
        }

        Net.Interface.Busy = false;
        Net.Poll();
        Net.Packets.Clear();
        AssertServed();
        Strike(peer, "PA", text: "after");
        Assert.Equal("after"u8.ToArray(), Net.Read(socket));
    }
}
