// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>A connection between the two stations of a link, from its opening until nothing is left of it.</summary>
internal sealed class ConnectedPair(LossyLink link)
{
    public int A { get; private set; } = -1;

    public int B { get; private set; } = -1;

    /// <summary>
    /// A connects to B.
    /// </summary>
    /// <param name="patient">Whether it tries again after an error, as it must on a bad wire.</param>
    /// <returns>Whether it came to a connection.</returns>
    public bool Open(bool patient)
    {
        SocketLayer client = link.A.Stack.Sockets;
        SocketLayer server = link.B.Stack.Sockets;
        int listener = server.Socket();
        Assert.Equal(0, server.Bind(listener, 80));
        Assert.Equal(0, server.Listen(listener, 2));
        bool open = link.Run(
            3600 * 1000,
            () =>
            {
                if (A < 0 || client.GetError(A) != SocketError.Success)
                {
                    Assert.True(A < 0 || patient, "no connection: " + client.GetError(A));
                    client.Close(A);
                    A = client.Socket();
                    Assert.Equal((int)SocketError.InProgress, client.Connect(A, link.B.Ip, 80));
                }

                Accept(listener);
                Invariants.Check(link.A.Stack, link.A.Configuration);
                Invariants.Check(link.B.Stack, link.B.Configuration);
            },
            () => B >= 0 && client.GetState(A) >= TcpState.Established);
        server.Close(listener);
        if (!open)
        {
            Finish();
        }

        return open;
    }

    /// <summary>Both let go; in the end everything is back in its place.</summary>
    public void Finish()
    {
        link.Loss = 0;
        link.Corruption = 0;
        link.A.Stack.Sockets.Close(A);
        link.B.Stack.Sockets.Close(B);
        link.Run(900_000, () => { }, () => false);
        foreach (LinkStation station in new[] { link.A, link.B })
        {
            Assert.Equal(0, station.Stack.Tcp.BlocksInUse);
            Invariants.Check(station.Stack, station.Configuration);
            FramePool pool = station.Stack.Pool;
            for (int i = 0; i < pool.Classes; i++)
            {
                Assert.Equal(0, pool.InUse(i));
            }
        }
    }

    private void Accept(int listener)
    {
        SocketLayer server = link.B.Stack.Sockets;
        int accepted = server.Accept(listener);
        if (accepted < 0)
        {
            return;
        }

        // an earlier attempt that the client has given up may be accepted before the one that counts
        if (B >= 0)
        {
            server.Close(B);
        }

        B = accepted;
    }
}
