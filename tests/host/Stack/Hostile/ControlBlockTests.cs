// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Hostile;

/// <summary>
/// A peer that knows the numbers and sends whatever it likes to an application that calls whatever it likes: after each poll
/// every control block must be sound, and every connection must have something that moves it on.
/// </summary>
public sealed class ControlBlockTests : StackTest
{
    private static readonly int[] Windows = [0, 0, 1, 10, 300, 1500, 4000, 8192, 65535];

    private readonly byte[] _buffer = new byte[3000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Every_control_block_stays_sound_and_is_moved_on(int seed)
    {
        TestRandom random = new((uint)seed);
        TestNetwork net = Begin(
            (seed & 1) != 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst,
            configuration =>
            {
                configuration.TcpSockets = 5;
                configuration.TcpOutOfOrderFrames = 4;
                configuration.TcpReceiveFrames = 3;
                configuration.TcpSendFrames = 6;
                configuration.TcpReceiveWindow = seed % 3 == 0 ? 600 : 4380;
                configuration.TransmitQueue = 2;
            },
            (uint)seed);
        int listener = net.Listen();
        TcpPeer[] peers = [.. Enumerable.Range(0, 4).Select(i => net.Peer(port: 40000 + i))];
        List<int> sockets = [];
        for (int step = 0; step < 4000; step++)
        {
            TcpPeer peer = peers[random.Below(peers.Length)];
            TcpControlBlock? block = net.Stack.Tcp.Blocks.FirstOrDefault(b => b.InUse && b.RemotePort == peer.Port && b.State > TcpState.Listen);
            switch (random.Below(10))
            {
                case 0 or 1 or 2 or 3 or 4 or 5 when block == null:
                    Open(peer, random);
                    break;
                case 0 or 1 or 2 or 3 or 4 or 5:
                    Speak(peer, block, random);
                    break;
                case 6 or 7 or 8:
                    Call(net, listener, sockets, random);
                    break;
                default:
                    net.Interface.Busy = random.Chance(0.1);
                    net.Advance(random.Below(random.Chance(0.1) ? 20_000 : 300));
                    break;
            }

            // while the controller is busy the stack waits for it and not for its timers
            int wait = net.Poll();
            wait = net.Interface.Busy ? int.MinValue : wait;
            foreach (TcpPeer each in peers)
            {
                each.TakeAll();
            }

            foreach (TcpControlBlock each in net.Stack.Tcp.Blocks)
            {
                Check(each, net.Now, wait, $"seed {seed}, step {step}: {each.State}");
            }
        }
    }

    private static void Open(TcpPeer peer, TestRandom random)
    {
        peer.StackIss = 0;
        peer.StackPort = 80;
        byte[] options = random.Chance(0.7) ? [2, 4, 1, 244, 1, 1, 4, 2] : [2, 4, 1, 244];
        peer.Send("S", seq: 0, win: Windows[random.Below(Windows.Length)], options: options, poll: false);
        peer.StackPort = 0;
        foreach (SeenFrame frame in peer.TakeAll())
        {
            if ((frame.Flags & SeenFrame.Syn) != 0)
            {
                peer.StackIss = frame.Seq;
            }
        }

        peer.StackPort = 80;
        peer.Send("A", seq: 1, ack: 1, poll: false);
        peer.StackPort = 0;
    }

    private static void Speak(TcpPeer peer, TcpControlBlock block, TestRandom random)
    {
        long inOrder = block.RcvNxt - peer.Iss;
        long sequence = random.Below(10) switch
        {
            < 5 => inOrder,
            5 => inOrder - 1,
            6 => inOrder - random.Below(600),
            _ => inOrder + random.Below(900),
        };
        uint underWay = block.SndMax - block.SndUna;
        long acknowledgment = random.Below(10) switch
        {
            < 4 => block.SndUna,
            < 6 => block.SndMax,
            < 9 => block.SndUna + (underWay == 0 ? 0 : random.Next() % (underWay + 1)),
            _ => block.SndUna + 700L - random.Below(1400),
        };
        string flags = random.Below(60) switch
        {
            0 => "R",
            1 => "S",
            2 => "-",
            < 9 => "FA",
            < 30 => "A",
            _ => "PA",
        };
        byte[]? options = random.Chance(0.4) ? Sack(block, random) : null;
        int length = random.Chance(0.5) ? 0 : 1 + random.Below(400);
        if (block.State == TcpState.SynSent)
        {
            flags = random.Below(6) == 0 ? "S" : random.Below(20) == 0 ? "RA" : "SA";
            acknowledgment = block.SndNxt - (random.Below(10) == 0 ? 1u : 0u);
            options = random.Chance(0.7) ? [2, 4, 1, 244, 1, 1, 4, 2] : null;
            sequence = 0;
        }

        peer.StackIss = 0;
        peer.StackPort = block.LocalPort;
        peer.Send(
            flags,
            seq: sequence,
            ack: (uint)acknowledgment,
            win: Windows[random.Below(Windows.Length)],
            length: length,
            options: options,
            poll: false);
        peer.StackPort = 0;
    }

    private static byte[] Sack(TcpControlBlock block, TestRandom random)
    {
        int blocks = 1 + random.Below(3);
        byte[] options = new byte[4 + (blocks * 8)];
        options[0] = 1;
        options[1] = 1;
        options[2] = 5;
        options[3] = (byte)(2 + (blocks * 8));
        for (int i = 0; i < blocks; i++)
        {
            // mostly whole segments that are under way, sometimes whatever
            uint start = block.SndUna + (uint)random.Below(2000);
            uint end = start + (uint)random.Below(1000);
            Frame? frame = block.SendQueue.Head;
            for (int skip = random.Below(5); skip > 0 && frame?.Next != null; skip--)
            {
                frame = frame.Next;
            }

            if (frame != null && random.Chance(0.8))
            {
                start = frame.Sequence;
                end = start + (uint)frame.PayloadLength;
            }

            Wire.Put32(options, 4 + (i * 8), start);
            Wire.Put32(options, 8 + (i * 8), end);
        }

        return options;
    }

    private void Call(TestNetwork net, int listener, List<int> sockets, TestRandom random)
    {
        int accepted = net.Sockets.Accept(listener);
        if (accepted >= 0)
        {
            sockets.Add(accepted);
        }

        if (random.Chance(0.1) && net.Sockets.Socket() is int made && made >= 0)
        {
            // the answer to the SYN is left to chance
            sockets.Add(made);
            net.Sockets.Connect(made, net.Client.Ip, 40000 + random.Below(4));
        }

        if (sockets.Count == 0)
        {
            return;
        }

        int socket = sockets[random.Below(sockets.Count)];
        switch (random.Below(24))
        {
            case 0:
                net.Sockets.Shutdown(socket);
                break;
            case 1:
                net.Sockets.Close(socket);
                sockets.Remove(socket);
                break;
            case 2 when random.Chance(0.3):
                net.Sockets.Abort(socket);
                sockets.Remove(socket);
                break;
            case 3:
                net.Sockets.SetNoDelay(socket, random.Chance(0.5));
                break;
            case 4:
                net.Sockets.SetUserTimeout(socket, random.Below(60_000));
                break;
            case 5:
                net.Sockets.SetKeepAlive(socket, 1000 + random.Below(60_000));
                break;
            case < 15:
                net.Sockets.Write(socket, _buffer, 0, 1 + random.Below(random.Chance(0.5) ? 2000 : 100));
                break;
            default:
                net.Sockets.Read(socket, _buffer, 0, 1 + random.Below(1000));
                break;
        }
    }

    private static void Check(TcpControlBlock block, int now, int wait, string where)
    {
        CheckQueue(block.SendQueue, where);
        CheckQueue(block.ReceiveQueue, where);
        CheckQueue(block.OutOfOrderQueue, where);
        if (!block.InUse || block.State <= TcpState.Listen)
        {
            Assert.True(block.SendQueue.Count + block.OutOfOrderQueue.Count == 0, where);
            return;
        }

        uint end = block.SndEnd + (block.FinQueued ? 1u : 0u);
        Assert.True(SequenceNumber.BeforeOrAt(block.SndUna, block.SndNxt), where);
        Assert.True(SequenceNumber.BeforeOrAt(block.SndNxt, block.SndMax), where);
        Assert.True(SequenceNumber.BeforeOrAt(block.SndMax, end), where);
        Assert.True(SequenceNumber.BeforeOrAt(block.RcvNxt, block.RcvEdge), where);
        Assert.True(block.CongestionWindow >= block.SndMss, where);
        int lost = 0;
        uint next = block.SndUna;
        for (Frame? frame = block.SendQueue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(frame == block.SendQueue.Head ? SequenceNumber.BeforeOrAt(frame.Sequence, next) : frame.Sequence == next, where);
            next = frame.Sequence + (uint)frame.PayloadLength;
            lost += (frame.Marks & TcpLossDetection.Lost) != 0 ? 1 : 0;
        }

        Assert.Equal(block.LostSegments, lost);
        Assert.True(block.SendQueue.Head == null || next == block.SndEnd, where);
        next = block.RcvNxt;
        for (Frame? frame = block.OutOfOrderQueue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(SequenceNumber.BeforeOrAt(next, frame.Sequence), where);
            next = frame.Sequence + (uint)frame.PayloadLength;
        }

        // something must move on what is not acknowledged or not sent, and end what nobody owns
        bool moves = block.SendTimer != SendTimerKind.None || block.OutputPending;
        Assert.True(moves || block.SndUna == end, where + " stands still");
        Assert.True(moves || TcpTransitions.HasEnd(block) || block.Attached || block.Listener != null, where + " has no end");
        Assert.True(!SendTimer.AwaitsAcknowledgment(block) || block.RetransmitAt - now >= wait, where + " sleeps past its retransmission");
        Assert.True(block.SendTimer != SendTimerKind.Persist || block.SendTimerAt - now >= wait, where + " sleeps past its probe");
        Assert.True(!SendTimer.IsLossTimer(block) || block.SendTimerAt - now >= wait, where + " sleeps past its loss timer");
        Assert.True(block.AcknowledgmentDue != AcknowledgmentDue.Soon || block.AcknowledgmentAt - now >= wait, where + " sleeps past its acknowledgment");
        Assert.True(!TcpTransitions.HasEnd(block) || block.StateEndsAt - now >= wait, where + " sleeps past its end");
    }

    private static void CheckQueue(FrameQueue queue, string where)
    {
        int count = 0;
        int bytes = 0;
        Frame? last = null;
        for (Frame? frame = queue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(++count <= queue.Count, where);
            bytes += frame.PayloadLength;
            last = frame;
        }

        Assert.Equal(queue.Count, count);
        Assert.Equal(queue.Bytes, bytes);
        Assert.True(queue.Tail == last, where);
    }
}
