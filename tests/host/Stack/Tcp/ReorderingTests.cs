// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Segments that arrive in another order than they were sent in (F11, F12, F13, F35).</summary>
public sealed class ReorderingTests : StackTest
{
    public static TheoryData<int, WordOrder> Orders()
    {
        TheoryData<int, WordOrder> data = [];
        for (int i = 0; i < 120; i++)
        {
            data.Add(i, i % 2 == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void F11_exact_bytes_for_all_orders_of_5_segments_the_last_with_FIN(int number, WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        int[] lengths = [101, 1, 300, 57, 77];
        List<int> left = [0, 1, 2, 3, 4];
        for (int n = 5; n > 0; n--)
        {
            int segment = left[number % n];
            left.RemoveAt(number % n);
            number /= n;
            Send(segment);
        }

        // what found no room comes again from where the acknowledgment says
        List<byte> read = [.. net.Read(socket)];
        for (int round = 0; round < 5 && net.Sockets.GetState(socket) == TcpState.Established; round++)
        {
            net.Advance(200);
            long next = (int)(peer.TakeAll()[^1].AckNumber - peer.Iss);
            Send(Enumerable.Range(0, 5).First(s => 1 + lengths.Take(s + 1).Sum() > next || s == 4));
            read.AddRange(net.Read(socket));
        }

        Assert.Equal(Wire.PatternBytes(1, 536), read.ToArray());
        Assert.Equal(0, net.ReadResult(socket));
        Assert.Equal(TcpState.CloseWait, net.Sockets.GetState(socket));

        void Send(int segment) => peer.Send(segment == 4 ? "FPA" : "A", seq: 1 + lengths.Take(segment).Sum(), length: lengths[segment]);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(6u)]
    public void F12_overlapping_pieces_in_any_order_give_the_stream_once(uint seed)
    {
        TestNetwork net = Begin(seed % 2 == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst);
        TcpPeer peer = net.Peer(iss: 0xFFFFFF00 + seed);
        int socket = peer.OpenTo(net.Listen());
        TestRandom random = new(seed);
        List<byte> read = [];
        long next = 1;
        for (int i = 0; i < 2000; i++)
        {
            long from = Math.Max(1, next - 50 + random.Below(400));
            peer.Send("A", seq: from, length: 1 + random.Below(300));
            if (random.Below(4) == 0)
            {
                read.AddRange(net.Read(socket));
            }

            net.Advance(random.Below(30));
            foreach (SeenFrame seen in peer.TakeAll())
            {
                long ack = (int)(seen.AckNumber - peer.Iss);
                Assert.True(ack >= next, "RCV.NXT went back");
                next = ack;
            }
        }

        read.AddRange(net.Read(socket));
        Assert.True(read.Count > 10000, "only " + read.Count);
        Assert.Equal(Wire.PatternBytes(1, read.Count), read.ToArray());
    }
}
