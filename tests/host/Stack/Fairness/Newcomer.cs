// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Fairness;

/// <summary>An honest client: it repeats what is not answered, as clients do, and takes the time.</summary>
internal sealed class Newcomer
{
    private const int Step = 10;
    private const int Rto = 200;
    private const int SynRto = 1000;

    private readonly TestNetwork _net;
    private readonly Action _meanwhile;
    private readonly TcpPeer _peer;
    private readonly int _limit;

    public Newcomer(TestNetwork net, int port, int limit = 3000, Action? meanwhile = null)
    {
        _net = net;
        _limit = limit;
        _meanwhile = meanwhile ?? (() => { });
        _peer = net.Peer(port: port, iss: (uint)(port * 7919));
    }

    /// <summary>Gets the window that it was offered first, or -1.</summary>
    public int FirstWindow { get; private set; } = -1;

    public bool Connect(int start)
    {
        int last = _net.Now - SynRto;
        while (_net.Now - start <= _limit)
        {
            if (_net.Now - last >= SynRto)
            {
                last = _net.Now;
                _peer.Send("S", seq: 0, mss: 1460);
            }

            SeenFrame? answer = Pass().Find(f => (f.Flags & SeenFrame.Syn) != 0);
            if (answer != null)
            {
                _peer.StackIss = answer.Seq;
                _peer.SndNxt = 1;
                _peer.RcvNxt = 1;
                FirstWindow = answer.Window;
                _peer.Send("A");
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks for the page.</summary>
    /// <returns>Milliseconds until it is there, or -1.</returns>
    public int Get(string request = "GET ", int length = FairServer.PageLength)
    {
        int start = _net.Now;
        if (!Connect(start))
        {
            return -1;
        }

        int last = _net.Now - Rto;
        while (_net.Now - start <= _limit)
        {
            if (_net.Now - last >= Rto && _peer.RcvNxt == 1)
            {
                last = _net.Now;
                _peer.Send("PA", seq: 1, text: request);
            }

            bool news = false;
            foreach (SeenFrame frame in Pass())
            {
                long seq = (int)(frame.Seq - _peer.StackIss);
                if (seq <= _peer.RcvNxt && seq + frame.Text.Length > _peer.RcvNxt)
                {
                    _peer.RcvNxt = seq + frame.Text.Length;
                }

                news |= frame.Text.Length > 0;
            }

            if (news)
            {
                _peer.Send("A");
            }

            if (_peer.RcvNxt >= 1 + length)
            {
                int time = _net.Now - start;
                Leave();
                return time;
            }
        }

        return -1;
    }

    /// <summary>Sends a full segment.</summary>
    /// <returns>Milliseconds until all of it is acknowledged, or -1.</returns>
    public int Put(int length = 1460)
    {
        int start = _net.Now;
        if (!Connect(start))
        {
            return -1;
        }

        int window = FirstWindow;
        long acknowledged = 1;
        int last = _net.Now - Rto;
        while (_net.Now - start <= _limit)
        {
            if (_net.Now - last >= Rto && window > 0)
            {
                last = _net.Now;
                int count = (int)Math.Min(1 + length - acknowledged, Math.Min(window, 1460));
                _peer.Send("PA", seq: acknowledged, length: count);
                _peer.SndNxt = 1 + length;
            }

            foreach (SeenFrame frame in Pass().Where(f => (f.Flags & SeenFrame.Ack) != 0))
            {
                acknowledged = Math.Max(acknowledged, (int)(frame.AckNumber - _peer.Iss));
                window = frame.Window;
            }

            if (acknowledged >= 1 + length)
            {
                int time = _net.Now - start;
                Leave();
                return time;
            }
        }

        return -1;
    }

    private void Leave()
    {
        _peer.Send("RA", seq: _peer.SndNxt);
        _peer.TakeAll();
    }

    private List<SeenFrame> Pass()
    {
        List<SeenFrame> seen = _peer.TakeAll();
        if (seen.Count == 0)
        {
            _net.Advance(Step);
            _meanwhile();
            seen = _peer.TakeAll();
        }

        return seen;
    }
}
