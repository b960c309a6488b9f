// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Support;

/// <summary>How a client leaves us alone with a connection.</summary>
internal enum Silence
{
    /// <summary>It opens the connection and says nothing.</summary>
    SaysNothing,

    /// <summary>It asks for the page and acknowledges nothing of it: FIN-WAIT-1.</summary>
    AcknowledgesNothing,

    /// <summary>It answers every probe, and never opens its window: FIN-WAIT-1.</summary>
    KeepsItsWindowClosed,

    /// <summary>It acknowledges a byte every 900 ms: FIN-WAIT-1.</summary>
    AcknowledgesByTheByte,

    /// <summary>It acknowledges everything and never closes: FIN-WAIT-2.</summary>
    NeverCloses,

    /// <summary>Its FIN and ours cross, and it never acknowledges ours: CLOSING.</summary>
    ClosesAtTheSameTime,

    /// <summary>It closes first and never acknowledges our FIN: LAST-ACK.</summary>
    ClosesFirst,

    /// <summary>It closes as it should: TIME-WAIT.</summary>
    ClosesProperly,
}

/// <summary>A client that opens a connection and leaves us alone with it.</summary>
internal sealed class SilentClient
{
    private readonly Street _street;
    private readonly Silence _silence;
    private readonly uint _ip;
    private readonly int _port;
    private readonly int _stackPort;
    private readonly uint _iss;
    private readonly byte[] _request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nConnection: close\r\n\r\n");
    private uint _stackIss;
    private uint _acknowledged;
    private bool _open;
    private bool _closed;

    public SilentClient(Street street, Silence silence, uint ip, int port, int stackPort = 80)
    {
        _street = street;
        _silence = silence;
        _ip = ip;
        _port = port;
        _stackPort = stackPort;
        _iss = street.Random.Next();
        street.Know(ip, Mac);
        street.Attach(ip, port, Take);
        Segment(_iss, 0, SeenFrame.Syn);
    }

    private ulong Mac => 0x020000008800ul | (_ip & 0xFF);

    private int Window => _silence == Silence.KeepsItsWindowClosed ? _open ? 0 : 200 : 29200;

    private uint AfterRequest => _iss + 1 + (uint)_request.Length;

    private void Segment(uint seq, uint ack, int flags, byte[]? text = null)
    {
        _street.SendSegment(_ip, Mac, _port, _stackPort, seq, ack, flags, Window, (flags & SeenFrame.Syn) != 0 ? [2, 4, 5, 180] : null, text);
    }

    private void Take(SeenFrame frame)
    {
        if ((frame.Flags & SeenFrame.Rst) != 0)
        {
            return;
        }

        if ((frame.Flags & SeenFrame.Syn) != 0)
        {
            if (!_open)
            {
                _stackIss = frame.Seq;
                _acknowledged = _stackIss + 1;
                Segment(_iss + 1, _stackIss + 1, SeenFrame.Ack);
                _open = true;
                if (_silence != Silence.SaysNothing)
                {
                    int fin = _silence == Silence.ClosesFirst ? SeenFrame.Fin : 0;
                    Segment(_iss + 1, _stackIss + 1, SeenFrame.Ack | SeenFrame.Psh | fin, _request);
                }

                if (_silence == Silence.AcknowledgesByTheByte)
                {
                    Drip();
                }
            }

            return;
        }

        uint end = frame.Seq + (uint)frame.Text.Length;
        bool fin2 = (frame.Flags & SeenFrame.Fin) != 0;
        switch (_silence)
        {
            case Silence.KeepsItsWindowClosed:
                if (end - _stackIss <= 201)
                {
                    Segment(AfterRequest, end, SeenFrame.Ack);
                    _acknowledged = end;
                }
                else
                {
                    Segment(AfterRequest, _acknowledged, SeenFrame.Ack);
                }

                break;

            case Silence.NeverCloses:
                Segment(AfterRequest, end + (fin2 ? 1u : 0u), SeenFrame.Ack);
                break;

            case Silence.ClosesAtTheSameTime:
                if (fin2 && !_closed)
                {
                    _closed = true;
                    Segment(AfterRequest, end, SeenFrame.Fin | SeenFrame.Ack);
                }

                break;

            case Silence.ClosesProperly:
                Segment(AfterRequest, end + (fin2 ? 1u : 0u), (fin2 ? SeenFrame.Fin : 0) | SeenFrame.Ack);
                break;

            default:
                break;
        }
    }

    private void Drip()
    {
        _street.After(900, () =>
        {
            _acknowledged++;
            Segment(AfterRequest, _acknowledged, SeenFrame.Ack);
            Drip();
        });
    }
}
