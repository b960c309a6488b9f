// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.IPv4;

/// <summary>What tests of fragments share: cutting datagrams up, delivering the pieces, and looking at what became of them.</summary>
public abstract class FragmentTest : StackTest
{
    private protected const int Icmp = 1;
    private protected const int Tcp = 6;
    private protected const int Udp = 17;

    private protected readonly byte[] _buffer = new byte[70000];
    private protected readonly DatagramSource _source = new();

    private protected static List<Piece> Cut(byte[] payload, int size, int id = 1, int[]? sizes = null)
    {
        List<Piece> pieces = [];
        int offset = 0;
        for (int i = 0; offset < payload.Length; i++)
        {
            int length = Math.Min(sizes?[i] ?? size, payload.Length - offset);
            pieces.Add(new Piece(payload[offset..(offset + length)], offset, offset + length < payload.Length, id));
            offset += length;
        }

        return pieces;
    }

    /// <summary>Pieces as "offset+length", with an m where more are to follow.</summary>
    private protected static List<Piece> Parse(string text, byte[] whole, int id = 1) =>
        [.. text.Split(' ').Select(part =>
        {
            string[] numbers = part.TrimEnd('m').Split('+');
            int offset = int.Parse(numbers[0]);
            int length = int.Parse(numbers[1]);
            return new Piece(whole[offset..(offset + length)], offset, part.EndsWith('m'), id);
        })];

    private protected static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length == 0)
        {
            yield return [];
        }

        foreach (int first in items)
        {
            foreach (int[] rest in Permutations([.. items.Where(i => i != first)]))
            {
                yield return [first, .. rest];
            }
        }
    }

    private protected static byte[] Segment(byte[] frame) => frame[34..(14 + Wire.Get16(frame, 16))];

    private protected static byte[] Datagram(TestNetwork net, byte[] data) =>
        FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, data);

    private protected static byte[] Packet(TestNetwork net, Piece piece, int protocol, TestHost? from = null) =>
        FrameBuilder.Ip(
            (from ?? net.Client).Ip,
            TestNetwork.StackIp,
            protocol,
            piece.Bytes,
            flagsAndOffset: (piece.More ? 0x2000 : 0) | (piece.Offset / 8),
            id: piece.Id);

    private protected static void Deliver(TestNetwork net, List<Piece> pieces, int? protocol = null, int[]? order = null)
    {
        foreach (int i in order ?? [.. Enumerable.Range(0, pieces.Count)])
        {
            // an echo begins with 8, our UDP datagrams with port 4000
            net.DeliverIp(net.Client, Packet(net, pieces[i], protocol ?? Guess(pieces)));
        }
    }

    private protected static int Guess(List<Piece> pieces)
    {
        byte[]? first = pieces.FirstOrDefault(p => p.Offset == 0)?.Bytes;
        return first is { Length: > 1 } && Wire.Get16(first, 0) == 4000 ? Udp : Icmp;
    }

    private protected static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private protected static void AssertEcho(TestNetwork net, byte[] data)
    {
        SeenFrame reply = Assert.Single(net.Packets);
        Assert.Equal(0, reply.IcmpType);
        Assert.Equal(data, reply.IcmpData);
        net.Packets.Clear();
    }

    private protected void AssertReceived(TestNetwork net, int socket, byte[] data)
    {
        Assert.Equal(data.Length, net.Sockets.ReceiveFrom(socket, _buffer, 1, _buffer.Length - 1, _source));
        Assert.Equal(data, _buffer[1..(1 + data.Length)]);
        Assert.Equal((net.Client.Ip, 4000), (_source.Address, _source.Port));
    }

    private protected sealed record Piece(byte[] Bytes, int Offset, bool More, int Id);
}
