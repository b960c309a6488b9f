// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Text that arrives: acceptance, trimming, acknowledgments, the receive window (RFC 9293 section 3.10.7.4, 3.8.6).</summary>
public sealed class ReceiveTests : StackTest
{
    [Theory, BothOrders]
    public void Text_in_order_is_read_as_it_was_sent_whatever_its_length(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        foreach (int length in new[] { 1, 2, 3, 59, 60, 61, 535, 536, 1459, 1460 })
        {
            long start = peer.SndNxt;
            peer.Send("PA", length: length);
            Assert.Equal(Wire.PatternBytes(start, length), net.Read(socket, chunk: 7));
            net.Advance(200);
            peer.TakeAll();
        }
    }

    [Theory, BothOrders]
    public void Peek_shows_the_bytes_where_they_lie_and_Consume_gives_them_up(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        ReceivedView view = new();
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(socket, view));
        peer.Send("PA", length: 101);
        peer.Send("PA", length: 50);
        List<byte> all = [];
        for (int step = 1; net.Sockets.Peek(socket, view) is int length && length > 0; step += 2)
        {
            Assert.Equal(length, view.Length);
            int count = Math.Min(step, length);
            for (int i = 0; i < count; i++)
            {
                int offset = view.Offset + i;
                int word = view.Words[offset >> 1];
                all.Add((byte)(((offset & 1) == 0) == view.LowByteFirst ? word : word >> 8));
            }

            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, length + 1));
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, -1));
            Assert.Equal(0, net.Sockets.Consume(socket, count));
        }

        Assert.Equal(Wire.PatternBytes(1, 151), all.ToArray());
    }
}
