// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Services;

namespace HostTests.EndToEnd.Gateway;

/// <summary>The virtual board's DHCP server says no where it must, and gives nobody what somebody else has.</summary>
public sealed class DhcpServerTests
{
    private const uint Ours = 0xC0A80101;
    private const uint First = 0xC0A80132;

    private readonly DhcpServer _server = new(Ours, 0xFFFFFF00, First, 3);

    [Fact]
    public void Each_client_gets_its_own_address_again_and_again()
    {
        Assert.Equal(First, Lease(1));
        Assert.Equal(First + 1, Lease(2));
        Assert.Equal(First, Lease(1));
        Assert.Equal(First + 2, Lease(3));
        Assert.Null(_server.Answer(Message(DhcpMessage.Discover, 4)));
    }

    [Fact]
    public void A_client_that_comes_back_keeps_its_address_if_nobody_has_it()
    {
        Assert.Equal((DhcpMessage.Ack, First + 1), Ask(Message(DhcpMessage.Request, 1).Add(DhcpMessage.RequestedAddress, First + 1)));
        Assert.Equal((DhcpMessage.Nak, 0u), Ask(Message(DhcpMessage.Request, 2).Add(DhcpMessage.RequestedAddress, First + 1)));
        Assert.Equal((DhcpMessage.Nak, 0u), Ask(Message(DhcpMessage.Request, 2).Add(DhcpMessage.RequestedAddress, 0x0A000005)));
        Assert.Equal((DhcpMessage.Nak, 0u), Ask(Message(DhcpMessage.Request, 2)));
    }

    [Fact]
    public void Who_takes_another_servers_offer_hears_nothing()
    {
        Assert.Null(_server.Answer(Message(DhcpMessage.Request, 1).Add(DhcpMessage.RequestedAddress, First).Add(DhcpMessage.ServerIdentifier, Ours + 1)));
    }

    [Fact]
    public void A_declined_address_is_given_to_nobody()
    {
        Lease(1);
        Assert.Null(_server.Answer(Message(DhcpMessage.Decline, 1).Add(DhcpMessage.RequestedAddress, First)));
        Assert.Equal(First + 1, Lease(1));
        Assert.Equal(First + 2, Lease(2));
    }

    private static DhcpMessage Message(int type, byte client)
    {
        byte[] bytes = new byte[240];
        bytes[0] = 1;
        bytes[1] = 1;
        bytes[2] = 6;
        bytes[33] = client;
        byte[] cookie = [0x63, 0x82, 0x53, 0x63];
        cookie.CopyTo(bytes, 236);
        return DhcpMessage.Read(bytes)!.Add(DhcpMessage.MessageType, [(byte)type]);
    }

    private uint Lease(byte client)
    {
        DhcpMessage offer = _server.Answer(Message(DhcpMessage.Discover, client))!;
        Assert.Equal(DhcpMessage.Offer, offer.Type);
        Assert.Equal(Ours, offer.FindAddress(DhcpMessage.ServerIdentifier));
        DhcpMessage request = Message(DhcpMessage.Request, client).Add(DhcpMessage.RequestedAddress, offer.GivenAddress).Add(DhcpMessage.ServerIdentifier, Ours);
        Assert.Equal((DhcpMessage.Ack, offer.GivenAddress), Ask(request));
        return offer.GivenAddress;
    }

    private (int Type, uint Address) Ask(DhcpMessage message)
    {
        DhcpMessage answer = _server.Answer(message)!;
        return (answer.Type, answer.GivenAddress);
    }
}
