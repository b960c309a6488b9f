// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Services;

namespace Benchmarks;

/// <summary>What the peer answers as a server: it gives the board its address, knows every name as its own, and tells the time.</summary>
internal static class PeerServices
{
    private const uint Lease = 3600;

    private static readonly DateTime s_time = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    /// <summary>The answer to a datagram, or null if there is none.</summary>
    /// <param name="port">The port that it is for.</param>
    /// <param name="data">What is in it.</param>
    public static byte[]? Answer(int port, byte[] data) => port switch
    {
        DhcpMessage.ServerPort => AnswerClient(DhcpMessage.Read(data)!),
        DnsQuestion.Port => DnsQuestion.Read(data)!.Answer(DnsQuestion.NoError, Peer.Address),
        NtpServer.Port => NtpServer.Answer(data, s_time),
        _ => null,
    };

    private static byte[]? AnswerClient(DhcpMessage message)
    {
        int type = message.Type switch { DhcpMessage.Discover => DhcpMessage.Offer, DhcpMessage.Request => DhcpMessage.Ack, _ => 0 };
        return type == 0 ? null : message.Answer(type, Peer.BoardAddress)
            .Add(DhcpMessage.LeaseTime, Lease)
            .Add(DhcpMessage.ServerIdentifier, Peer.Address)
            .Add(DhcpMessage.SubnetMask, 0xFFFFFF00)
            .Add(DhcpMessage.Router, Peer.Address)
            .Add(DhcpMessage.DnsServer, Peer.Address)
            .Add(DhcpMessage.NtpServer, Peer.Address)
            .Finish()
            .Bytes.ToArray();
    }
}
