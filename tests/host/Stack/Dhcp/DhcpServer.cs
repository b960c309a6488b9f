// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Dhcp;

/// <summary>A small server: it does what RFC 2131 says unless the test says otherwise.</summary>
internal sealed class DhcpServer
{
    private readonly TestNetwork _net;
    private readonly TestHost _host;

    public DhcpServer(TestNetwork net, string address = "192.168.1.1", ulong mac = 0x020000000001)
    {
        _net = net;
        _host = net.AddHost(mac, Wire.Address(address));
        Address = _host.Ip;
    }

    /// <summary>Gets or sets the server's name for itself.</summary>
    public uint Address { get; set; }

    /// <summary>Gets or sets the address that it leases.</summary>
    public uint Leased { get; set; } = Wire.Address("192.168.1.77");

    public uint Time { get; set; } = 86400;

    /// <summary>Gets or sets a value indicating whether it says nothing.</summary>
    public bool Silent { get; set; }

    /// <summary>Gets or sets a value indicating whether it refuses what it is asked for.</summary>
    public bool Refuses { get; set; }

    /// <summary>Gets or sets a value indicating whether it answers all to all.</summary>
    public bool AlwaysBroadcasts { get; set; }

    /// <summary>Gets or sets what the test changes of an answer.</summary>
    public Action<DhcpAnswer>? Change { get; set; }

    public TestHost Host => _host;

    public DhcpAnswer Answer(int type, uint xid) => new DhcpAnswer(type, xid, Leased)
        .Set(54, Address)
        .Set(51, Time)
        .Set(1, DhcpAnswer.Addresses("255.255.255.0"))
        .Set(3, DhcpAnswer.Addresses("192.168.1.254"))
        .Set(6, DhcpAnswer.Addresses("192.168.1.53", "9.9.9.9", "8.8.8.8"))
        .Set(42, DhcpAnswer.Addresses("192.168.1.123"))
        .Set(15, "example.org");

    /// <summary>Answers, as far as it answers.</summary>
    public void Hear(DhcpQuestion question)
    {
        bool mine = question.Server == 0 || question.Server == Address;
        if (Silent || !mine || question.Type is DhcpQuestion.Decline or DhcpQuestion.Release)
        {
            return;
        }

        int type = question.Type == DhcpQuestion.Discover ? DhcpAnswer.Offer : Refuses ? DhcpAnswer.Nak : DhcpAnswer.Ack;
        DhcpAnswer answer = type == DhcpAnswer.Nak
            ? new DhcpAnswer(type, question.Xid, 0).Set(54, Address)
            : Answer(type, question.Xid);
        Change?.Invoke(answer);
        bool toAll = AlwaysBroadcasts || question.Broadcast || type == DhcpAnswer.Nak;
        Send(answer.ToBytes(), toAll ? uint.MaxValue : question.ClientAddress != 0 ? question.ClientAddress : Leased);
    }

    /// <summary>Sends a message to all, or to the station whatever its address.</summary>
    public void Send(byte[] message, uint destination = uint.MaxValue, int fromPort = 67)
    {
        byte[] packet = FrameBuilder.Ip(_host.Ip, destination, 17, FrameBuilder.Udp(_host.Ip, destination, fromPort, 68, message));
        ulong mac = destination == uint.MaxValue ? TestHost.BroadcastMac : TestNetwork.StackMac;
        _net.Interface.Deliver(FrameBuilder.Ethernet(mac, _host.Mac, 0x0800, packet));
    }
}
