// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Fairness;

/// <summary>
/// An application that reads at once whatever comes. Whoever begins with GET is sent a page, with BIG a long one, with HOG is never
/// read from again; all else is counted.
/// </summary>
internal sealed class FairServer
{
    public const int PageLength = 3000;

    private readonly TestNetwork _net;
    private readonly int _listener;
    private readonly List<Client> _clients = [];
    private readonly byte[] _buffer = new byte[4000];
    private readonly byte[] _page = Encoding.Latin1.GetBytes(new string('p', 20000));

    public FairServer(TestNetwork net, int port = 80)
    {
        _net = net;
        _listener = net.Listen(port, backlog: 4);
        net.Application = Poll;
    }

    /// <summary>Gets the bytes that were read from whoever sends.</summary>
    public int Uploaded { get; private set; }

    public int Poll(int now)
    {
        for (int socket = _net.Sockets.Accept(_listener); socket >= 0; socket = _net.Sockets.Accept(_listener))
        {
            _clients.Add(new Client { Socket = socket });
        }

        foreach (Client client in _clients.ToArray())
        {
            if (!Serve(client))
            {
                _net.Sockets.Close(client.Socket);
                _clients.Remove(client);
            }
        }

        return _clients.Exists(c => c.Left > 0) ? 100 : int.MaxValue;
    }

    private bool Serve(Client client)
    {
        while (!client.Hog)
        {
            int count = _net.Sockets.Read(client.Socket, _buffer, 0, _buffer.Length);
            if (count == (int)SocketError.WouldBlock)
            {
                break;
            }

            if (count <= 0)
            {
                return false;
            }

            Uploaded += count;
            if (!client.Asked)
            {
                client.Asked = true;
                string word = Encoding.Latin1.GetString(_buffer, 0, Math.Min(3, count));
                client.Hog = word == "HOG";
                client.Left = word == "GET" ? PageLength : word == "BIG" ? _page.Length : 0;
            }
        }

        while (client.Left > 0)
        {
            int taken = _net.Sockets.Write(client.Socket, _page, 0, client.Left);
            if (taken <= 0)
            {
                break;
            }

            client.Left -= taken;
        }

        return true;
    }

    private sealed class Client
    {
        public int Socket { get; init; }

        public bool Asked { get; set; }

        public bool Hog { get; set; }

        public int Left { get; set; }
    }
}
