// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using VirtualBoard;

namespace HostTests.EndToEnd;

/// <summary>A board in this process, with a port of 127.0.0.1 that leads to it.</summary>
internal sealed class ForwardedBoard : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_requestLimit = TimeSpan.FromSeconds(60);

    private static int s_number;

    private readonly string _capture = OutputFolder.PathOf($"forwarded-{Interlocked.Increment(ref s_number)}.pcapng");
    private bool _isClean;

    public ForwardedBoard(ImpairmentSettings? impairment = null)
    {
        Run = new BoardRun(new BoardOptions { ForwardPort = 0, Impairment = impairment, CapturePath = _capture });
        Assert.True(Run.Forwarder!.WaitUntilReady(s_startLimit), "The board does not answer.");
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 })
        {
            BaseAddress = new Uri(Run.Url),
            Timeout = s_requestLimit,
        };

        // each scenario ends with no connection left
        Client.DefaultRequestHeaders.ConnectionClose = true;
    }

    public BoardRun Run { get; }

    public HttpClient Client { get; }

    public static int TotalFrames(FramePool pool) => Enumerable.Range(0, pool.Classes).Sum(pool.Total);

    /// <summary>A connection without HTTP.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = (int)s_requestLimit.TotalMilliseconds,
            SendTimeout = (int)s_requestLimit.TotalMilliseconds,
        };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Run.Forwarder!.Port));
        return socket;
    }

    /// <summary>What must be true after each scenario: no rule of the chip was broken, and nothing leaked, here and there.</summary>
    public void AssertClean()
    {
        FramePool pool = Run.Forwarder!.Stack.Pool;
        Assert.True(Eventually.Is(() => Run.Forwarder.OpenConnections == 0), $"{Run.Forwarder.OpenConnections} connections are still open.");
        Assert.True(Eventually.Is(() => pool.Free == TotalFrames(pool)), $"The forwarder has {pool.Free} of {TotalFrames(pool)} frames.");

        // The page is made with nothing else under way, so the board must have all of its frames.
        StatusPageText? page = null;
        Assert.True(Eventually.Is(() => (page = StatusPageText.Parse(Client.GetStringAsync(Firmware.StatusPage.StatusPath).Result)).AllFramesAreFree), $"The board lacks frames: {page}");
        Assert.Equal(0u, pool.DoubleReturns);
        Assert.Null(Run.Host.FirmwareError);
        Assert.Null(Run.Forwarder.Error);
        Assert.True(Run.Host.Chip.Violations.Count == 0, Run.Host.Chip.Violations.ToString());
        _isClean = true;
    }

    public void Dispose()
    {
        Client.Dispose();
        Run.Dispose();
        if (_isClean)
        {
            // only a test that fails leaves its capture behind
            File.Delete(_capture);
        }
    }
}
