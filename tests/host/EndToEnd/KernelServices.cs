// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;
using SocketError = TcpIp.SocketError;
using SocketType = System.Net.Sockets.SocketType;

namespace HostTests.EndToEnd;

/// <summary>What a small server offers: a page, an echo over TCP and an echo over UDP; and the kernel's programs that ask whether it still does.</summary>
internal sealed class KernelServices
{
    public const int HttpPort = 80;
    public const int EchoPort = 7;

    /// <summary>Listeners.</summary>
    public const int OpenSockets = 2;

    private const int PageLength = 2000;
    private const int Clients = 3;
    private const int PatienceMs = 10_000;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly KernelStation _station;
    private readonly SocketLayer _sockets;
    private readonly HttpServer _http;
    private readonly TestPage _page;
    private readonly EchoClient[] _clients = [.. Enumerable.Range(0, Clients).Select(_ => new EchoClient())];
    private readonly byte[] _datagram = new byte[1472];
    private readonly DatagramSource _source = new();
    private readonly int _listener;
    private readonly int _udp;

    /// <summary>Begins to serve.</summary>
    public KernelServices(KernelStation station)
    {
        _station = station;
        _sockets = station.Sockets;
        _page = new TestPage("/", PageLength, station.Wire.WordOrder);
        _http = new HttpServer(_sockets, station.Wire.WordOrder, HttpPort, 4, [_page]);
        _listener = _sockets.Socket();
        Assert.Equal(0, _sockets.Bind(_listener, EchoPort));
        Assert.Equal(0, _sockets.Listen(_listener, Clients));
        _udp = _sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Assert.Equal(0, _sockets.Bind(_udp, EchoPort));
    }

    /// <summary>Gets the bytes that came back over TCP.</summary>
    public long Echoed { get; private set; }

    /// <summary>Serves while a partner is at work.</summary>
    public void ServeWhile(TimeSpan limit, Task partner) => _station.Run(limit, partner, Serve);

    /// <summary>Does what can be done now.</summary>
    /// <returns>Whether no client is there.</returns>
    public bool Serve()
    {
        _http.Poll(_station.Wire.Now);
        bool idle = _http.Clients == 0;
        foreach (EchoClient client in _clients)
        {
            if (client.Socket < 0)
            {
                client.Begin(_sockets.Accept(_listener));
            }

            if (client.Socket >= 0)
            {
                Echoed += client.Serve(_sockets);
                idle &= client.Socket < 0;
            }
        }

        int length;
        while ((length = _sockets.ReceiveFrom(_udp, _datagram, 0, _datagram.Length, _source)) != (int)SocketError.WouldBlock)
        {
            if (length >= 0)
            {
                _sockets.SendTo(_udp, _datagram, 0, length, _source.Address, _source.Port);
            }
        }

        return idle;
    }

    /// <summary>Fails if anything is not served any more. The kernel's side asks.</summary>
    public void AssertServing()
    {
        KernelNamespace network = _station.Namespace;
        Task asking = Task.Factory.StartNew(
            () =>
            {
                using Socket browser = network.OpenSocket(SocketType.Stream, PatienceMs);
                browser.Connect(KernelNamespace.StackAddress, HttpPort);
                browser.Send(RawHttp.Get);
                string page = RawHttp.ReadToEnd(browser);
                Assert.StartsWith("HTTP/1.1 200 OK\r\n", page, StringComparison.Ordinal);
                Assert.EndsWith(_page.Body[^20..], page, StringComparison.Ordinal);

                byte[] text = Encoding.ASCII.GetBytes(new string('x', 5000));
                using Socket echo = network.OpenSocket(SocketType.Stream, PatienceMs);
                echo.Connect(KernelNamespace.StackAddress, EchoPort);
                echo.Send(text);
                echo.Shutdown(SocketShutdown.Send);
                Assert.Equal(text.Length, RawHttp.ReadToEnd(echo).Length);

                using Socket datagrams = network.OpenSocket(SocketType.Dgram, PatienceMs);
                datagrams.Connect(new IPEndPoint(KernelNamespace.StackAddress, EchoPort));
                byte[] answer = new byte[100];
                datagrams.Send(text, 99, SocketFlags.None);
                Assert.Equal(99, datagrams.Receive(answer));
            },
            TaskCreationOptions.LongRunning);
        ServeWhile(s_limit, asking);
    }

    /// <summary>A connection whose text goes back.</summary>
    private sealed class EchoClient
    {
        private readonly byte[] _buffer = new byte[2048];
        private int _held;
        private int _written;

        public int Socket { get; private set; } = -1;

        public void Begin(int socket)
        {
            Socket = socket;
            _held = 0;
            _written = 0;
        }

        public int Serve(SocketLayer sockets)
        {
            int echoed = 0;
            while (true)
            {
                if (_written == _held)
                {
                    _written = 0;
                    _held = sockets.Read(Socket, _buffer, 0, _buffer.Length);
                    if (_held == (int)SocketError.WouldBlock)
                    {
                        _held = 0;
                        return echoed;
                    }

                    if (_held <= 0)
                    {
                        End(sockets);
                        return echoed;
                    }
                }

                int length = sockets.Write(Socket, _buffer, _written, _held - _written);
                if (length is (int)SocketError.WouldBlock or (int)SocketError.NoBufferSpace)
                {
                    return echoed;
                }

                if (length < 0)
                {
                    End(sockets);
                    return echoed;
                }

                _written += length;
                echoed += length;
            }
        }

        private void End(SocketLayer sockets)
        {
            sockets.Close(Socket);
            Socket = -1;
        }
    }
}
