// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Sockets;

/// <summary>Text that lies ready as words: it is copied word by word, so each segment must begin with a whole one.</summary>
public sealed class WordWriteTests : StackTest
{
    [Theory]
    [InlineData(WordOrder.LowByteFirst, 537)]
    [InlineData(WordOrder.HighByteFirst, 537)]
    [InlineData(WordOrder.LowByteFirst, 901)]
    [InlineData(WordOrder.LowByteFirst, 1459)]
    [InlineData(WordOrder.HighByteFirst, 1460)]
    public void Words_arrive_as_they_are_whatever_the_peers_MSS(WordOrder order, int mss)
    {
        TestNetwork net = Begin(order);
        TcpPeer peer = net.Peer();
        peer.Window = 4 * mss;
        int socket = peer.OpenFrom(mss);
        string text = Encoding.Latin1.GetString(Wire.PatternBytes(mss, 5001));
        WordBuffer content = new(text, order);
        StringBuilder got = new();
        int written = 0;
        for (int turn = 0; turn < 100 && got.Length < text.Length; turn++)
        {
            if (written < text.Length)
            {
                int count = net.Sockets.Write(socket, content, written);
                written += Math.Max(0, count);
                Assert.True(written == text.Length || written % 2 == 0, "the next words would begin in the middle of one");
            }

            foreach (SeenFrame segment in peer.TakeAll())
            {
                Assert.InRange(segment.Text.Length, 0, mss);
                got.Append(Encoding.Latin1.GetString(segment.Text));
                peer.RcvNxt += segment.Text.Length;
            }

            peer.Send("A");
        }

        Assert.Equal(text, got.ToString());
    }
}
