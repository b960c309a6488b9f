// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using ours::System.Net;
using ours::System.Net.Sockets;
using SocketError = ours::System.Net.Sockets.SocketError;

namespace HostTests.SystemNet.Peers;

/// <summary>A server on our System.Net, with a thread for each client.</summary>
internal abstract class OurServer : IDisposable
{
    private const int Backlog = 4;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread _thread;
    private readonly List<Exception> _failures = [];
    private int _clients;

    protected OurServer(int port)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Any, port));
        _listener.Listen(Backlog);
        _thread = new Thread(Accept) { IsBackground = true, Name = "Listener" };
        _thread.Start();
    }

    /// <summary>Gets the number of clients that are served now.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Ends the listener, and fails if a client's thread did.</summary>
    public void Dispose()
    {
        _listener.Close();
        _thread.Join();
        Assert.True(EndToEnd.Eventually.Is(() => Clients == 0), $"{Clients} clients are still served");
        Assert.Empty(_failures);
    }

    /// <summary>Serves one client to its end.</summary>
    protected abstract void Serve(OurStream stream);

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket client = _listener.Accept();
                Interlocked.Increment(ref _clients);
                new Thread(() => Run(client)) { IsBackground = true, Name = "Client" }.Start();
            }
        }
        catch (SocketException closed) when (closed.ErrorCode == (int)SocketError.Interrupted)
        {
            // this is how a listener ends
        }
        catch (Exception failure)
        {
            Keep(failure);
        }
    }

    private void Run(Socket client)
    {
        try
        {
            using OurStream stream = new(client);
            Serve(stream);
        }
        catch (Exception failure)
        {
            Keep(failure);
        }

        Interlocked.Decrement(ref _clients);
    }

    private void Keep(Exception failure)
    {
        lock (_failures)
        {
            _failures.Add(failure);
        }
    }
}
