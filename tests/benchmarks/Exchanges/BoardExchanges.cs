// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Firmware;
using HostTests.Support;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Sockets;

namespace Benchmarks;

/// <summary>The exchanges that are counted.</summary>
internal sealed class BoardExchanges
{
    private const string Curl = "GET /status HTTP/1.1\r\nHost: 192.168.1.50\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";
    private const string Browser = "GET /status HTTP/1.1\r\nHost: 192.168.1.50\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\n"
        + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
        + "Accept-Encoding: gzip, deflate\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n";

    private const int BeginningTime = 12_000;

    private static readonly byte[] s_live = Bytes(Curl.Replace("GET /status", "GET /api/live"));
    private int _names;

    private const int BulkPort = 5001;
    private const int EchoPort = 7;
    private const int Total = 102_400;
    private const int Portion = 1460;

    private readonly BoardRig _rig;
    private readonly SocketLayer _sockets;
    private readonly PeerConnection _connection;
    private readonly byte[] _bytes = new byte[Portion];
    private readonly ReceivedView _view = new();
    private readonly DatagramSource _source = new();
    private readonly WordBuffer _words;
    private int _listener = -1;
    private int _socket = -1;
    private int _datagrams = -1;
    private int _moved;

    public BoardExchanges(BoardRig rig)
    {
        _rig = rig;
        _sockets = rig.Stack.Sockets;
        _connection = new PeerConnection(rig.Peer);
        _words = new WordBuffer(new string('x', Portion), rig.Stack.Pool.Order);
    }

    public Exchange Arp => OfOnePacket("arp", _rig.Peer.AskForBoard);

    public Exchange Echo56 => OfOnePacket("echo-56", () => _rig.Peer.SendEcho(56));

    public Exchange Echo1472 => OfOnePacket("echo-1472", () => _rig.Peer.SendEcho(1472));

    public Exchange GetCurl => Get("http-get-curl", Curl);

    public Exchange GetBrowser => Get("http-get-browser", Browser);

    /// <summary>The whole status, over a connection of its own.</summary>
    public Exchange Status => Get("http-get-status", Curl.Replace("GET /status", "GET /api/status"));

    /// <summary>What the page asks for every two seconds, over the connection that it has: to be measured between <see cref="Visit"/> and <see cref="Leave"/>.</summary>
    public Exchange Live => new("live-update", () => _connection.Ask(s_live), WorkToAnswer);

    /// <summary>The same over a connection of its own.</summary>
    public Exchange LiveAlone => new("live-update-alone", () => _connection.Open(Board.HttpPort, s_live), WorkToEnd);

    /// <summary>The page and everything that it fetches before it is there.</summary>
    public Exchange WholePage => new(
        "page-with-status", () => _connection.Open(Board.HttpPort, Bytes(Browser.Replace("GET /status", "GET /")), Bytes(Browser.Replace("GET /status", "GET /api/status"))), WorkToEnd);

    /// <summary>Ten requests on one connection.</summary>
    public Exchange TenRequests => new("ten-requests", () => _connection.Open(Board.HttpPort, [.. Enumerable.Repeat(Bytes(Curl), 10)]), WorkToEnd);

    /// <summary>The same on ten connections.</summary>
    public Exchange TenConnections
    {
        get
        {
            int left = 0;
            void Open() => _connection.Open(Board.HttpPort, Bytes(Curl));
            bool IsOver(long now)
            {
                bool isOver = WorkToEnd(now);
                if (isOver && left > 0)
                {
                    left--;
                    Open();
                    return false;
                }

                return isOver;
            }

            return new Exchange(
                "ten-connections",
                () =>
                {
                    left = 9;
                    Open();
                },
                IsOver);
        }
    }

    /// <summary>An address from a server: four messages. The board must have been made for it.</summary>
    public Exchange Lease
    {
        get
        {
            uint before = 0;
            return new Exchange(
                "lease",
                () =>
                {
                    before = _rig.Network.Dhcp.Counters.Acks;
                    _rig.Network.ForgetLease();
                },
                _ => _rig.Network.Dhcp.Counters.Acks != before,
                QuietTurns: 2);
        }
    }

    /// <summary>From nothing to all: the lease, the address probed for and announced, the group, the name probed for and announced, and the time.</summary>
    public Exchange Beginning
    {
        get
        {
            long end = 0;
            return new Exchange(
                "beginning",
                () =>
                {
                    end = _rig.Now + BeginningTime;
                    _rig.Network.ForgetLease();
                },
                now => now >= end && _rig.Network.HasName,
                QuietTurns: 2);
        }
    }

    /// <summary>The address of a name that the board has not asked for yet.</summary>
    public Exchange Name
    {
        get
        {
            string name = "";
            int lookup = -1;
            uint address = 0;
            return new Exchange(
                "name",
                () =>
                {
                    name = $"n{_names++}.example";
                    lookup = -1;
                    address = 0;
                    _rig.Network.Resolver.SetServer(0, Peer.Address);
                },
                _ => address == Peer.Address,
                () =>
                {
                    if (lookup < 0 && address == 0)
                    {
                        lookup = _rig.Network.Resolver.Begin(name);
                    }
                    else if (lookup >= 0 && _rig.Network.Resolver.GetResult(lookup, out address) != (int)SocketError.WouldBlock)
                    {
                        lookup = -1;
                    }
                });
        }
    }

    /// <summary>The time of day.</summary>
    public Exchange Time
    {
        get
        {
            uint before = 0;
            return new Exchange(
                "time",
                () =>
                {
                    before = _rig.Network.Sntp.Changes;
                    _rig.Network.Sntp.SetServer(0, Peer.Address);
                    _rig.Network.Sntp.Start();
                },
                _ => _rig.Network.Sntp.Changes != before);
        }
    }

    /// <summary>The page itself, as a browser has it that has never been here.</summary>
    public Exchange LivePage => Get("http-get-page", Browser.Replace("GET /status", "GET /"));

    /// <summary>The output is switched.</summary>
    public Exchange PostLed => Get("http-post-led", Curl.Replace("GET /status", "POST /api/led")
        .Replace("\r\n\r\n", "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\n\r\non=1"));

    public Exchange Get200 => Get("get-200", Curl.Replace("GET /status", "GET /200"));

    public Exchange Get20k => Get("get-20k", Curl.Replace("GET /status", "GET /20k"));

    /// <summary>A datagram of 32 bytes that an application sends back.</summary>
    public Exchange Udp32 => OfOnePacket("udp-32", () => _rig.Peer.SendDatagram(EchoPort, 32)) with { OnBoard = SendDatagramBack };

    public Exchange Connect => new("connect", () => _connection.Open(BulkPort), Work, Accept);

    public Exchange Receive => new("receive-100k", WriteAll, now => Work(now) && _moved == Total, ReadBytes);

    public Exchange ReceiveInPlace => Receive with { Name = "receive-100k-in-place", OnBoard = TakeInPlace };

    public Exchange Send => new("send-100k", () => _moved = 0, now => Work(now) && _connection.Received == Total, WriteBytes);

    public Exchange SendWords => Send with { Name = "send-100k-words", OnBoard = WriteWords };

    /// <summary>Opens the board's sockets for datagrams, and for connections that move 100 kB.</summary>
    public void OpenSockets()
    {
        _datagrams = _sockets.Socket(SocketType.Datagram);
        _sockets.Bind(_datagrams, EchoPort);
        _listener = _sockets.Socket();
        _sockets.Bind(_listener, BulkPort);
        _sockets.Listen(_listener, 1);
    }

    /// <summary>Closes them.</summary>
    public void CloseSockets()
    {
        _sockets.Close(_datagrams);
        _sockets.Close(_listener);
    }

    /// <summary>Serves pages of other lengths beside the board's own.</summary>
    public void ServeOtherPages()
    {
        WordOrder order = _rig.Stack.Pool.Order;
        _rig.Server.Add(new FixedPage("/200", 200, order));
        _rig.Server.Add(new FixedPage("/20k", 20480, order));
    }

    /// <summary>Opens a connection for <see cref="Live"/>.</summary>
    public void Visit()
    {
        _connection.Stays = true;
        _rig.Measure(new Exchange("visit", () => _connection.Open(Board.HttpPort, s_live), WorkToAnswer));
    }

    /// <summary>Ends it.</summary>
    public void Leave()
    {
        _connection.Stays = false;
        _rig.Measure(LiveClosing);
    }

    /// <summary>Ends a connection that has moved its 100 kB.</summary>
    public void Hang()
    {
        _connection.Abort();
        _rig.Pass(100);
        _sockets.Close(_socket);
        _socket = -1;
        _rig.Pass(100);
    }

    private Exchange LiveClosing => new("leave", () => _connection.Ask(s_live), WorkToEnd);

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private Exchange OfOnePacket(string name, Action begin)
    {
        int before = 0;
        return new Exchange(
            name,
            () =>
            {
                before = _rig.Peer.Packets;
                begin();
            },
            _ => _rig.Peer.Packets > before);
    }

    private Exchange Get(string name, string request) => new(name, () => _connection.Open(Board.HttpPort, Bytes(request)), WorkToEnd);

    private bool WorkToEnd(long now)
    {
        _connection.Work(now);
        return _connection.IsClosed;
    }

    private bool WorkToAnswer(long now)
    {
        _connection.Work(now);
        return _connection.IsAnswered;
    }

    private bool Work(long now)
    {
        _connection.Work(now);
        return _connection.IsSent;
    }

    private void Accept()
    {
        if (_socket < 0)
        {
            _socket = _sockets.Accept(_listener);
        }
    }

    private void WriteAll()
    {
        _moved = 0;
        _connection.Write(Wire.PatternBytes(0, Total));
    }

    private void ReadBytes()
    {
        int count;
        while ((count = _sockets.Read(_socket, _bytes, 0, Portion)) > 0)
        {
            _moved += count;
        }
    }

    private void TakeInPlace()
    {
        int shown;
        while ((shown = _sockets.Peek(_socket, _view)) > 0)
        {
            _moved += shown;
            _sockets.Consume(_socket, shown);
        }
    }

    private void WriteBytes()
    {
        int count;
        while (_moved < Total && (count = _sockets.Write(_socket, _bytes, 0, Math.Min(Portion, Total - _moved))) > 0)
        {
            _moved += count;
        }
    }

    private void WriteWords()
    {
        int count;
        while (Total - _moved >= Portion && (count = _sockets.Write(_socket, _words, 0)) > 0)
        {
            _moved += count;
        }

        if (Total - _moved < Portion)
        {
            WriteBytes();
        }
    }

    private void SendDatagramBack()
    {
        int count = _sockets.ReceiveFrom(_datagrams, _bytes, 0, Portion, _source);
        if (count >= 0)
        {
            _sockets.SendTo(_datagrams, _bytes, 0, count, _source.Address, _source.Port);
        }
    }
}
