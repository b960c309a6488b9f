// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Properties;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Link;

namespace HostTests.Stack.Dhcp;

/// <summary>Whatever a server says, and whenever, the client goes on, allocates nothing and loses no frame, and with an honest server it gets its lease.</summary>
public sealed class DhcpProperties
{
    private long _allocated;
    private int _sent;
    private uint _leases;

    [Fact]
    public void Whatever_is_said_harms_nothing()
    {
        // once to have all code compiled, once to count
        Property.Check(100, 300, Listen, stream: 90);
        _allocated = 0;
        Property.Check(100, 300, Listen, stream: 90);
        Assert.True(_sent > 1000, $"{_sent} messages");
        Assert.True(_leases > 200, $"{_leases} leases");
        Assert.Equal(0, _allocated);
    }

    private void Listen(Choices choices)
    {
        TestNetwork net = new(WordOrder.LowByteFirst, seed: choices.Word());
        DhcpServer server = new(net);
        DhcpConfiguration configuration = new() { LinkLocalAfter = 3, Conflicts = (ConflictPolicy)choices.Below(4) };
        DhcpClient client = new(net.Stack, new MacAddress([0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0x01]), new TestRandom(choices.Word()), configuration);
        List<DhcpQuestion> said = [];
        net.Application = client.Poll;
        net.Listener = frame =>
        {
            if (frame.IsUdp && frame.DestinationPort == 67)
            {
                said.Add(new DhcpQuestion(frame));
                server.Hear(said[^1]);
            }
        };
        client.Start();
        while (!choices.IsUsedUp)
        {
            Step(choices, net, server, client, said);
            AssertWhole(net, client);
        }

        // an honest server is believed in the end
        server.Silent = false;
        server.Refuses = false;
        net.Interface.IsLinkUp = true;
        client.Start();
        net.Advance(90_000);
        Assert.True(client.IsBound, $"{client.State}");
        Assert.Equal(server.Leased, net.Stack.IPv4.Address);
        _allocated += net.AllocatedInPoll;
        _leases += client.Counters.Acks;
        net.Finish();
    }

    private void Step(Choices choices, TestNetwork net, DhcpServer server, DhcpClient client, List<DhcpQuestion> said)
    {
        switch (choices.Below(12))
        {
            case 0:
                net.Interface.IsLinkUp = !net.Interface.IsLinkUp;
                break;
            case 1:
                server.Silent = !server.Silent;
                break;
            case 2:
                server.Refuses = choices.OneIn(3);
                break;
            case 3:
                client.Renew();
                break;
            case 4 when choices.OneIn(3):
                client.Release();
                break;
            case 5:
                client.Start();
                break;
            case 6:
                uint ours = choices.Pick(net.Stack.IPv4.Address, client.Lease.Address, client.LinkLocalAddress);
                net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, 0x020000000666, choices.Pick(1, 2), 0x020000000666, ours, 0, ours));
                break;
            case 7:
                server.Time = choices.Pick(10u, 100u, 3600u, uint.MaxValue, 0u, choices.Word());
                break;
            default:
                server.Send(Message(choices, server, said), choices.OneIn(2) ? server.Leased : uint.MaxValue);
                _sent++;
                break;
        }

        net.Advance(choices.Pick(0, 1, 1000, 5000, 100_000));
        server.Time = Math.Max(server.Time, 100);
    }

    private static byte[] Message(Choices choices, DhcpServer server, List<DhcpQuestion> said)
    {
        uint xid = said.Count > 0 && !choices.OneIn(20) ? said[^1].Xid : choices.Word();
        DhcpAnswer answer = server.Answer(choices.Pick(2, 5, 6, 0, 255), xid);
        TestRandom random = new(choices.Word());
        for (int i = choices.Below(4); i > 0; i--)
        {
            byte[] value = new byte[choices.Pick(0, 1, 3, 4, 5, 8, 40)];
            for (int n = 0; n < value.Length; n++)
            {
                value[n] = (byte)random.Next();
            }

            answer.Options.Add((choices.Pick(1, 3, 6, 15, 42, 51, 52, 53, 54, 58, 59, 121, 200), value));
        }

        byte[] message = answer.ToBytes();
        for (int i = choices.Pick(0, 0, 1, 2, 10, 200); i > 0; i--)
        {
            message[choices.OneIn(2) ? 240 + random.Below(message.Length - 240) : random.Below(message.Length)] = (byte)random.Next();
        }

        return choices.OneIn(4) ? message[..choices.Below(message.Length + 1)] : message;
    }

    /// <summary>What the client says and what the stack does go together.</summary>
    private static void AssertWhole(TestNetwork net, DhcpClient client)
    {
        uint address = net.Stack.IPv4.Address;
        DhcpLease lease = client.Lease;
        bool released = client.State is DhcpState.Releasing or DhcpState.Stopped;
        Assert.True(address == 0 || address == lease.Address || address == client.LinkLocalAddress || released, "an address of nobody's");
        Assert.True(lease.Address == 0 || client.LinkLocalAddress == 0, "two addresses");
        Assert.True(lease.Address == 0 || (client.SecondsLeft > 0 && lease.Time >= 10), "a lease without a time");
        bool needsLease = client.State is DhcpState.Checking or DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding or DhcpState.Rebooting;
        Assert.Equal(needsLease, lease.Address != 0);
        Assert.True(client.Poll(net.Now) >= 0);
    }
}
