// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>
/// What RFC 9293 section 3.10.7, with RFC 5961 and RFC 1337, lets one segment do to one connection. Written from the texts and from
/// nothing else: it knows the variables before, and says what they may be after.
/// </summary>
internal sealed class SegmentOracle
{
    private readonly TcpState _state;
    private readonly bool _attached;
    private readonly bool _passive;
    private readonly bool _finSent;
    private readonly uint _una;
    private readonly uint _max;
    private readonly uint _nxt;
    private readonly uint _irs;
    private readonly bool _challengedSyn;
    private readonly long _window;
    private readonly uint _largestWindow;
    private readonly uint? _earlyFin;
    private readonly List<(long Start, long End)> _early = [];

    /// <param name="block">The connection, as it is before the segment arrives.</param>
    public SegmentOracle(TcpControlBlock block)
    {
        _state = block.State;
        _attached = block.Attached;
        _challengedSyn = block.ChallengedSyn;
        _passive = block.Listener != null;
        _finSent = SendSequence.HasSentFin(block);
        _una = block.SndUna;
        _max = block.SndMax;
        _nxt = block.RcvNxt;
        _irs = block.Irs;
        _window = (int)(block.RcvEdge - block.RcvNxt);
        _largestWindow = (uint)block.MaxSndWnd;
        _earlyFin = block.EarlyFin ? block.EarlyFinAt : null;
        for (TcpIp.Frames.Frame? frame = block.OutOfOrderQueue.Head; frame != null; frame = frame.Next)
        {
            long start = (int)(frame.Sequence - _nxt);
            _early.Add((start, start + frame.PayloadLength));
        }
    }

    /// <summary>Gets how far RCV.NXT may move.</summary>
    public HashSet<long> Received { get; } = [0];

    /// <summary>Gets how far SND.UNA may move.</summary>
    public HashSet<long> Acknowledged { get; } = [0];

    /// <summary>Gets the states that the connection may be in afterwards; CLOSED says that it may be gone.</summary>
    public HashSet<TcpState> States { get; } = [];

    /// <summary>Judges a segment.</summary>
    public void Judge(int flags, uint seq, uint ack, int length)
    {
        bool syn = (flags & SeenFrame.Syn) != 0;
        bool fin = (flags & SeenFrame.Fin) != 0;
        bool rst = (flags & SeenFrame.Rst) != 0;
        bool acks = (flags & SeenFrame.Ack) != 0;
        bool coversNew = acks && ack != _una && ack - _una <= _max - _una;
        if (_state == TcpState.SynSent)
        {
            JudgeSynSent(syn, rst, acks, coversNew);
            return;
        }

        States.Add(_state);
        long at = (int)(seq - _nxt);
        long room = _window;

        // a peer whose SYN crossed ours, or who has lost our SYN-ACK, sends its SYN again: with our SYN acknowledged it opens
        if (_state == TcpState.SynReceived && syn && !rst && seq == _irs)
        {
            if (!coversNew)
            {
                return;
            }

            syn = false;
            at++;
        }

        if (rst)
        {
            // RFC 5961 section 3.2: exactly RCV.NXT; RFC 1337: not in TIME-WAIT, unless it may be the answer to our challenge of a SYN
            if (at == 0 && _state != TcpState.TimeWait)
            {
                States.Clear();
            }

            if (at == 0 && (_state != TcpState.TimeWait || _challengedSyn))
            {
                States.Add(TcpState.Closed);
            }

            return;
        }

        if (syn)
        {
            // RFC 5961 section 4.2: nothing but a challenge; MAY-2: a new connection over one in TIME-WAIT that nobody has
            if (_state == TcpState.TimeWait && !_attached && !acks && at > 0)
            {
                States.Add(TcpState.Closed);
            }

            return;
        }

        long size = length + (fin ? 1 : 0);

        // any of its numbers in the window; the RFC's two cases leave out a segment that covers all of it and more, and an
        // acknowledgment behind text that has filled the window and was lost
        bool acceptable = size == 0
            ? (room == 0 ? at == 0 : at >= 0 && at <= room)
            : at < room && at + size > 0;
        if (coversNew && (acceptable || room == 0) && _state != TcpState.SynReceived)
        {
            Acknowledged.Add((int)(ack - _una));
        }

        if (!acceptable || !acks)
        {
            return;
        }

        TcpState state = _state;
        if (state == TcpState.SynReceived)
        {
            if (!coversNew)
            {
                return;
            }

            Acknowledged.Add((int)(ack - _una));
            state = TcpState.Established;
        }
        else if (ack - (_una - _largestWindow) > _max - (_una - _largestWindow))
        {
            return;
        }

        bool ours = _finSent && ack == _max;
        if (ours)
        {
            state = state switch
            {
                TcpState.FinWait1 => TcpState.FinWait2,
                TcpState.Closing => TcpState.TimeWait,
                TcpState.LastAck => TcpState.Closed,
                _ => state,
            };
        }

        // now it has happened; whether text and FIN are taken as well is also a matter of room
        States.Clear();
        States.Add(state);
        if (state is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
        {
            return;
        }

        if (length > 0 && !_attached && !_passive)
        {
            // nobody will read it (RFC 1122 section 4.2.2.13)
            States.Add(TcpState.Closed);
        }

        JudgeText(at, length, fin, state, room);
    }

    private void JudgeSynSent(bool syn, bool rst, bool acks, bool coversNew)
    {
        if ((acks && !coversNew) || (!syn && !rst))
        {
            States.Add(TcpState.SynSent);
        }
        else if (rst)
        {
            States.Add(acks ? TcpState.Closed : TcpState.SynSent);
        }
        else
        {
            States.Add(acks ? TcpState.Established : TcpState.SynReceived);
            Acknowledged.Add(1);
        }
    }

    private void JudgeText(long at, int length, bool fin, TcpState state, long room)
    {
        long start = Math.Max(at, 0);
        long end = Math.Min(at + length, room);
        long reach = start == 0 ? Math.Max(end, 0) : 0;
        if (reach > 0)
        {
            foreach ((long from, long to) in _early)
            {
                reach = from <= reach ? Math.Max(reach, to) : reach;
            }

            Received.Add(reach);
        }

        // a FIN counts when all before it is there; one beyond the window is cut off with what it follows
        long? now = fin && at + length < Math.Max(room, 1) ? at + length : null;
        long? earlier = _earlyFin is uint number ? (int)(number - _nxt) : null;
        foreach (long? place in new[] { now, earlier })
        {
            if (place == reach || place == 0)
            {
                States.Add(AfterFin(state));
                Received.Add(place.Value + 1);
            }
        }
    }

    private static TcpState AfterFin(TcpState state)
    {
        return state switch
        {
            TcpState.Established => TcpState.CloseWait,
            TcpState.FinWait1 => TcpState.Closing,
            _ => TcpState.TimeWait,
        };
    }
}
