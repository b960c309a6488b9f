// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>However it is written, copied, laid out in frames or prepared at start-up, it arrives as one stream.</summary>
public sealed class MixedWritesTests : NetTest
{
    private const int Length = 30000;

    [Theory]
    [InlineData(1, WordOrder.LowByteFirst, false)]
    [InlineData(2, WordOrder.HighByteFirst, false)]
    [InlineData(3, WordOrder.LowByteFirst, true)]
    [InlineData(4, WordOrder.HighByteFirst, true)]
    [InlineData(5, WordOrder.LowByteFirst, true)]
    public void A_mix_of_all_ways_to_write_arrives_as_one_stream(uint seed, WordOrder order, bool lossy)
    {
        WaitingNetwork net = Begin(order);
        TestRandom random = new(seed);
        (int socket, int theirs) = net.Connect();
        byte[] data = Wire.PatternBytes(seed, Length + 2000);
        byte[] received = new byte[Length + 2000];
        int read = 0;
        net.Partner = new ScriptedPartner(_ => read += Math.Max(net.Theirs.Sockets.Read(theirs, received, read, received.Length - read), 0));
        net.OurInterface.LoseEvery = lossy ? 11 : 0;
        net.Layer.SetNoDelay(socket, random.Chance(0.5));
        SendView view = new();
        int written = 0;
        while (written < Length)
        {
            int count = 1 + random.Below(random.Chance(0.3) ? 1900 : 60);
            switch (random.Below(5))
            {
                case 0:
                    Assert.Equal(count, net.Sockets.Write(socket, data, written, count, -1));
                    break;

                case 1:
                    string text = System.Text.Encoding.Latin1.GetString(data, written, count);
                    Assert.Equal(count, net.Sockets.Write(socket, new WordBuffer(text, order), -1));
                    break;

                case 2:
                    // not waited for: what is committed in a row shares frames
                    int reserved = net.Layer.Reserve(socket, count, view);
                    count = reserved > 0 ? Fill(view, data, written, random.Below(reserved + 1), random) : 0;
                    Assert.Equal(count, reserved > 0 ? net.Layer.Commit(socket, count) : 0);
                    break;

                case 3:
                    count = net.Sockets.Reserve(socket, count, view, -1);
                    Assert.Equal(count, Fill(view, data, written, count, random));
                    Assert.Equal(count, net.Sockets.Commit(socket, count));
                    break;

                default:
                    // time passes between the two, or it is thought better of
                    count = net.Sockets.Reserve(socket, count, view, -1);
                    Fill(view, data, written, count, random);
                    net.Runner.Wait(random.Below(3));
                    int committed = random.Chance(0.2) ? net.Layer.Cancel(socket) : net.Layer.Commit(socket, count);
                    Assert.True(committed == 0 || committed == count || committed == (int)SocketError.InvalidState, committed.ToString());
                    count = Math.Max(committed, 0);
                    break;
            }

            written += count;
        }

        Assert.Equal(0, net.Sockets.Close(socket, -1));
        net.Runner.Wait(100);
        Assert.Equal(written, read);
        Assert.Equal(data[..written], received[..read]);
        Assert.Equal(lossy, net.Ours.Tcp.Counters.Retransmissions > 0);
    }

    private static int Fill(SendView view, byte[] data, int start, int count, TestRandom random)
    {
        int done = 0;
        while (done < count)
        {
            int part = 1 + random.Below(count - done);
            Assert.Equal(part, view.Write(data, start + done, part));
            done += part;
        }

        return done;
    }
}
