// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Support;

/// <summary>
/// An honest client as Linux has it: SYNs after 1, 3, 7 and 15 seconds, a shortest retransmission timeout of 200 ms that doubles, a
/// request, and an orderly end once the page has come.
/// </summary>
internal sealed class StreetClient
{
    private readonly Street _street;
    private readonly ulong _mac;
    private readonly uint _iss;
    private readonly byte[] _request;
    private readonly int _startedAt;
    private int _timer;
    private int _rto = 1000;
    private uint _next;
    private bool _open;
    private bool _closed;

    public StreetClient(Street street, uint ip, int port, bool asksFirst = true, int stackPort = 80, bool speaks = true, int mss = 1460)
    {
        _street = street;
        Ip = ip;
        Port = port;
        StackPort = stackPort;
        Mss = mss;
        bool far = (ip & TestNetwork.Netmask) != (TestNetwork.StackIp & TestNetwork.Netmask);
        _mac = far ? TestNetwork.GatewayMac : 0x020000007700ul | (ip & 0xFF);
        _iss = street.Random.Next();
        _request = speaks ? Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nConnection: close\r\n\r\n") : [];
        _startedAt = street.Elapsed;
        if (!far)
        {
            street.Know(ip, _mac);
        }

        street.Attach(ip, port, Take);
        if (asksFirst && !far)
        {
            street.Send(FrameBuilder.Arp(TestHost.BroadcastMac, _mac, 1, _mac, ip, 0, TestNetwork.StackIp));
        }

        Later(1000, SendSyn);
        SendSyn();
    }

    public uint Ip { get; }

    public int Port { get; }

    public int StackPort { get; }

    public int Mss { get; }

    public int Syns { get; private set; }

    /// <summary>Gets the milliseconds from the first SYN to the last byte of the page, or -1.</summary>
    public int ServedAfter { get; private set; } = -1;

    public bool WasReset { get; private set; }

    public StringBuilder Text { get; } = new();

    /// <summary>Gets the longest text that came in one segment.</summary>
    public int LongestText { get; private set; }

    /// <summary>Tells in one line how it went.</summary>
    public override string ToString() => $"{ServedAfter} ms, {Syns} SYN{(WasReset ? ", reset" : string.Empty)}";

    private void SendSyn()
    {
        Syns++;
        Segment(_iss, SeenFrame.Syn, options: [2, 4, (byte)(Mss >> 8), (byte)Mss, 1, 1, 4, 2]);
    }

    /// <summary>Does something when nothing has been acknowledged for a while, and again after twice that.</summary>
    private void Later(int milliseconds, Action again)
    {
        int timer = ++_timer;
        _street.After(milliseconds, () =>
        {
            if (timer == _timer && !WasReset && milliseconds < 130_000)
            {
                again();
                Later(milliseconds * 2, again);
            }
        });
    }

    private void SendRequest() => Segment(_iss + 1, SeenFrame.Ack | SeenFrame.Psh, _request);

    private void SendFin() => Segment(_iss + 1 + (uint)_request.Length, SeenFrame.Fin | SeenFrame.Ack);

    private void Segment(uint seq, int flags, byte[]? text = null, byte[]? options = null)
    {
        _street.SendSegment(Ip, _mac, Port, StackPort, seq, (flags & SeenFrame.Ack) != 0 ? _next : 0, flags, 29200, options, text);
    }

    private void Take(SeenFrame frame)
    {
        if ((frame.Flags & SeenFrame.Rst) != 0)
        {
            WasReset |= ServedAfter < 0;
            _timer++;
            return;
        }

        if (!_open)
        {
            if ((frame.Flags & (SeenFrame.Syn | SeenFrame.Ack)) != (SeenFrame.Syn | SeenFrame.Ack) || frame.AckNumber != _iss + 1)
            {
                return;
            }

            _open = true;
            _next = frame.Seq + 1;
            _timer++;
            int roundTrip = _street.Elapsed - _startedAt;
            _rto = Syns > 1 ? 1000 : roundTrip + Math.Max(200, 2 * roundTrip);
            Segment(_iss + 1, SeenFrame.Ack);
            if (_request.Length > 0)
            {
                SendRequest();
                Later(_rto, SendRequest);
            }

            return;
        }

        if ((frame.Flags & SeenFrame.Syn) != 0)
        {
            Segment(_iss + 1, SeenFrame.Ack);
            return;
        }

        if (frame.AckNumber == _iss + 1 + (uint)_request.Length + (_closed ? 1u : 0u))
        {
            _timer++;
        }

        if (frame.SequenceLength == 0)
        {
            return;
        }

        if (frame.Seq == _next)
        {
            Text.Append(Encoding.Latin1.GetString(frame.Text));
            LongestText = Math.Max(LongestText, frame.Text.Length);
            _next += (uint)frame.SequenceLength;
            if ((frame.Flags & SeenFrame.Fin) != 0 && !_closed)
            {
                ServedAfter = _street.Elapsed - _startedAt;
                _closed = true;
                SendFin();
                Later(_rto, SendFin);
                return;
            }
        }

        Segment(_iss + 1 + (uint)_request.Length + (_closed ? 1u : 0u), SeenFrame.Ack);
    }
}
