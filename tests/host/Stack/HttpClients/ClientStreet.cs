// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;
using TcpIp.Tcp;
using Client = TcpIp.Http.HttpClient;
using Configuration = TcpIp.Http.HttpClientConfiguration;

namespace HostTests.Stack.HttpClients;

/// <summary>What a crafted server answers to one request.</summary>
internal sealed record Answer(string Text)
{
    /// <summary>Gets the bytes that are written at once, one piece a millisecond.</summary>
    public int Piece { get; init; } = int.MaxValue;

    /// <summary>Gets a value indicating whether the server closes behind it.</summary>
    public bool Closes { get; init; }

    /// <summary>Gets a value indicating whether the server resets behind it.</summary>
    public bool Resets { get; init; }

    /// <summary>Gets a value indicating whether it answers as soon as the header of the request has come.</summary>
    public bool IsHasty { get; init; }
}

/// <summary>An HTTP client on one stack, and on another a server that says whatever a test wants; the wire between them is good.</summary>
internal sealed class ClientStreet
{
    private readonly LossyLink _link;
    private readonly List<Connection> _connections = [];
    private readonly byte[] _buffer = new byte[4000];
    private readonly List<byte> _body = [];
    private readonly int _listener;

    public ClientStreet(Action<Configuration>? configure = null, int port = 80, double loss = 0)
    {
        _link = new LossyLink(3, null, c => c.FrameCounts = [40, 40, 40, 40, 40, 40]) { Delay = 2, Loss = loss };
        Configuration configuration = new() { Resolver = Names };
        configure?.Invoke(configuration);
        Client = new Client(_link.A.Stack, configuration);
        Names.Add("server.test", _link.B.Ip);
        _listener = _link.B.Stack.Sockets.Socket();
        Assert.Equal(0, _link.B.Stack.Sockets.Bind(_listener, port));
        Assert.Equal(0, _link.B.Stack.Sockets.Listen(_listener, 4));
    }

    public Client Client { get; }

    public uint Server => _link.B.Ip;

    public FakeNames Names { get; } = new();

    public TcpIpStack Stack => _link.A.Stack;

    public int Now => _link.Now;

    /// <summary>Gets the requests that have come, each with the number of its connection.</summary>
    public List<(int Connection, string Text)> Requests { get; } = [];

    /// <summary>Gets or sets what the server says to a request: to the first of all, the second and so on; null is silence.</summary>
    public Func<int, Answer?> Says { get; set; } = _ => new Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

    /// <summary>Gets or sets a value indicating whether the body is read as it comes.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether the client is polled.</summary>
    public bool Polls { get; set; } = true;

    /// <summary>Gets or sets what the application does after each poll of the client.</summary>
    public Action? Acts { get; set; }

    /// <summary>Gets or sets how many bytes the server reads at once, or 0 while it does not read.</summary>
    public int ServerReads { get; set; } = 1000;

    /// <summary>Gets or sets how many bytes are read at once.</summary>
    public int ReadSize { get; set; } = 4000;

    public string Body => Encoding.Latin1.GetString([.. _body]);

    /// <summary>Gets what has come to the server and is no whole request.</summary>
    public string Unanswered => _connections[^1].Received;

    /// <summary>Gets the last result of a read.</summary>
    public int LastRead { get; private set; }

    public long Allocated { get; private set; }

    public HttpRequest Request(string method, string path = "/", string? type = null, string fields = "")
    {
        return new HttpRequest(method, "http://server.test" + path, type, fields, WordOrder.LowByteFirst);
    }

    /// <summary>Makes a request and runs until it is over.</summary>
    public int Fetch(HttpRequest request, int limit = 100_000)
    {
        _body.Clear();
        Assert.Equal(0, Client.Begin(request));
        Run(limit, () => Client.State >= HttpClientState.Done);
        return Client.Result;
    }

    public int Get(string path = "/") => Fetch(Request("GET", path));

    public void Run(int milliseconds, Func<bool>? done = null) => _link.Run(milliseconds, Step, done ?? (() => false));

    /// <summary>The server does something to its newest connection.</summary>
    public void OnServer(Action<SocketLayer, int> act) => act(_link.B.Stack.Sockets, _connections[^1].Socket);

    /// <summary>All sockets and frames of the client's stack are back once nobody wants anything.</summary>
    public void AssertNothingLeaks()
    {
        Client.Cancel();
        _link.Run(300_000, Step, () => false);
        Assert.Equal(0, Stack.Tcp.BlocksInUse);
        FramePool pool = Stack.Pool;
        Assert.All(Enumerable.Range(0, pool.Classes), i => Assert.Equal(0, pool.InUse(i)));
    }

    private void Step()
    {
        if (!Polls)
        {
            Serve();
            _link.WakeAt = _link.Now + 1;
            return;
        }

        AllocationMark mark = AllocationMark.Now();
        int wait = Client.Poll(_link.Now);
        Acts?.Invoke();
        int read = Reads ? Client.Read(_buffer, 0, ReadSize) : 0;
        Allocated += mark.Since();
        while (Reads && read > 0)
        {
            _body.AddRange(_buffer.AsSpan(0, read));
            read = Client.Read(_buffer, 0, ReadSize);
        }

        LastRead = read;
        wait = Math.Min(wait, Client.Poll(_link.Now));
        Serve();
        _link.WakeAt = _link.Now + Math.Min(wait, _connections.Any(c => c.IsBusy) ? 1 : int.MaxValue);
    }

    private void Serve()
    {
        SocketLayer sockets = _link.B.Stack.Sockets;
        int accepted = sockets.Accept(_listener);
        if (accepted >= 0)
        {
            sockets.SetNoDelay(accepted, true);
            _connections.Add(new Connection(_connections.Count, accepted));
        }

        foreach (Connection connection in _connections.Where(c => !c.IsOver).ToArray())
        {
            Serve(sockets, connection);
        }
    }

    private void Serve(SocketLayer sockets, Connection connection)
    {
        int read = ServerReads == 0 ? (int)SocketError.WouldBlock : sockets.Read(connection.Socket, _buffer, 0, ServerReads);
        while (read > 0)
        {
            connection.Received += Encoding.Latin1.GetString(_buffer, 0, read);
            read = sockets.Read(connection.Socket, _buffer, 0, ServerReads);
        }

        while (connection.Take() is { } request)
        {
            Requests.Add((connection.Number, request));
            connection.Answer(Says(Requests.Count - 1));
        }

        if (connection.Received.Contains("\r\n\r\n") && Says(Requests.Count) is { IsHasty: true } hasty)
        {
            Requests.Add((connection.Number, connection.Received));
            connection.Received = "";
            connection.Answer(hasty);
        }

        if (connection.Pending.Length > 0 && connection.WroteAt != _link.Now)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(connection.Pending);
            int written = sockets.Write(connection.Socket, bytes, 0, Math.Min(bytes.Length, connection.Current!.Piece));
            connection.WroteAt = _link.Now;
            if (written > 0)
            {
                connection.Pending = connection.Pending[written..];
            }
        }

        bool answered = connection.Pending.Length == 0 && connection.Current != null && connection.WroteAt != _link.Now;
        if (read == 0 || (answered && connection.Current!.Closes))
        {
            sockets.Close(connection.Socket);
            connection.IsOver = true;
        }
        else if (read < -2 || (answered && connection.Current!.Resets))
        {
            sockets.Abort(connection.Socket);
            connection.IsOver = true;
        }
    }

    /// <summary>Names that are known at once, or after a while.</summary>
    internal sealed class FakeNames : INameResolver
    {
        private string _asked = "";

        private readonly List<(byte[] Bytes, string Text)> _names = [];
        private readonly Dictionary<string, uint> _known = [];

        public bool IsSlow { get; set; }

        public int Cancelled { get; private set; }

        public int Begin(string hostname)
        {
            _asked = hostname;
            return 7;
        }

        public int Begin(byte[] hostname, int offset, int count)
        {
            // no text is made of it, since what asks must not allocate
            _asked = "";
            foreach ((byte[] bytes, string name) in _names)
            {
                _asked = hostname.AsSpan(offset, count).SequenceEqual(bytes) ? name : _asked;
            }

            return 7;
        }

        public int GetResult(int lookup, out uint address)
        {
            return _known.TryGetValue(_asked, out address) ? IsSlow ? (int)SocketError.WouldBlock : 0 : (int)SocketError.HostNotFound;
        }

        public void Cancel(int lookup) => Cancelled++;

        public int Poll(int now) => 1000;

        /// <summary>Makes a name known.</summary>
        public void Add(string name, uint address)
        {
            _names.Add((Encoding.ASCII.GetBytes(name), name));
            _known[name] = address;
        }
    }

    private sealed class Connection(int number, int socket)
    {
        public int Number => number;

        public int Socket => socket;

        public string Received { get; set; } = "";

        public string Pending { get; set; } = "";

        public Answer? Current { get; private set; }

        public int WroteAt { get; set; }

        public bool IsOver { get; set; }

        public bool IsBusy => !IsOver && (Pending.Length > 0 || Current is { Closes: true } or { Resets: true });

        public void Answer(Answer? answer)
        {
            Current = answer;
            Pending += answer?.Text;
        }

        /// <summary>Takes a request off what has come, once it is whole.</summary>
        public string? Take()
        {
            int header = Received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (header < 4)
            {
                return null;
            }

            int at = Received.IndexOf("Content-Length:", StringComparison.Ordinal);
            int length = at < 0 || at > header ? 0 : int.Parse(Received[(at + 15)..Received.IndexOf('\r', at)]);
            if (Received[..header].Contains("Transfer-Encoding: chunked\r\n"))
            {
                length = ChunksLength(Received[header..]);
            }
            if (Received.Length < header + length)
            {
                return null;
            }

            string request = Received[..(header + length)];
            Received = Received[(header + length)..];
            return request;
        }

        /// <summary>How long a body in chunks is, or more than there is while it is not whole.</summary>
        private static int ChunksLength(string text)
        {
            int at = 0;
            while (text.IndexOf("\r\n", at, StringComparison.Ordinal) is var line and >= 0)
            {
                int size = int.Parse(text[at..line], System.Globalization.NumberStyles.HexNumber);
                at = line + 2 + size + 2;
                if (at > text.Length)
                {
                    break;
                }

                Assert.Equal("\r\n", text[(at - 2)..at]);
                if (size == 0)
                {
                    return at;
                }
            }

            return int.MaxValue / 2;
        }
    }
}
