// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Asks a web server for a page: one request per connection, into a buffer that is made once.
    /// </summary>
    internal sealed class WebClient
    {
        internal const int Port = 80;

        private const int LongestWait = 1000;

        private readonly TwoHosts _hosts;
        private byte[] _request;
        private int _socket;
        private int _written;
        private bool _closed;

        internal WebClient(TwoHosts hosts)
        {
            _hosts = hosts;
        }

        /// <summary>The answer.</summary>
        internal readonly byte[] Answer = new byte[8192];

        /// <summary>Gets the number of bytes of the answer.</summary>
        internal int Length { get; private set; }

        /// <summary>Gets how the connection ended, or WouldBlock while it has not.</summary>
        internal int Result { get; private set; }

        /// <summary>
        /// Begins.
        /// </summary>
        internal void Start(byte[] request)
        {
            _request = request;
            _written = 0;
            _closed = false;
            Length = 0;
            Result = (int)SocketError.WouldBlock;
            _socket = _hosts.Connect(Port);
        }

        /// <summary>
        /// Writes and reads what can be written and read now.
        /// </summary>
        /// <returns>Whether the connection has ended.</returns>
        internal bool Step()
        {
            if (Result != (int)SocketError.WouldBlock)
            {
                return true;
            }

            SocketLayer sockets = _hosts.Client.Sockets;
            if (_written < _request.Length && sockets.GetState(_socket) == TcpState.Established)
            {
                int taken = sockets.Write(_socket, _request, _written, _request.Length - _written);
                if (taken > 0)
                {
                    _written += taken;
                }
            }

            int read = sockets.Read(_socket, Answer, Length, Answer.Length - Length);
            while (read > 0)
            {
                Length += read;
                read = sockets.Read(_socket, Answer, Length, Answer.Length - Length);
            }

            if (!_closed && IsComplete())
            {
                // the connection is there for another request, but there is none
                _closed = true;
                sockets.Shutdown(_socket);
            }

            if (read == (int)SocketError.WouldBlock || read == (int)SocketError.InProgress)
            {
                return false;
            }

            Result = read;
            sockets.Close(_socket);
            return true;
        }

        /// <summary>
        /// Does the whole exchange.
        /// </summary>
        /// <returns>0, or why the connection ended.</returns>
        internal int Fetch(byte[] request)
        {
            Start(request);
            for (int i = 0; i < 1000; i++)
            {
                int wait = _hosts.Settle();
                if (Step())
                {
                    _hosts.Settle();
                    return Result;
                }

                if (!_hosts.IsBusy)
                {
                    _hosts.Now += wait < LongestWait ? wait : LongestWait;
                }
            }

            return Result;
        }

        /// <summary>
        /// Whether a text stands anywhere in the answer.
        /// </summary>
        internal bool Contains(string text) => text.Length == 0 || Find(text) >= 0;

        /// <summary>
        /// Whether the answer is as long as its header says.
        /// </summary>
        private bool IsComplete()
        {
            int header = Find("\r\n\r\n") + 4;
            int at = Find("Content-Length:") + 15;
            if (header < 4 || at < 15)
            {
                return false;
            }

            int length = 0;
            while (Answer[at] != '\r')
            {
                length = Answer[at] == ' ' ? length : (length * 10) + Answer[at] - '0';
                at++;
            }

            return Length == header + (_request[0] == 'H' ? 0 : length);
        }

        private int Find(string text)
        {
            for (int i = 0; i + text.Length <= Length; i++)
            {
                if (Answer[i] == text[0] && HasText(i, text))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>
        /// Whether a text stands in the answer at a place.
        /// </summary>
        internal bool HasText(int offset, string text)
        {
            if (offset < 0 || offset + text.Length > Length)
            {
                return false;
            }

            char[] characters = text.ToCharArray();
            for (int i = 0; i < characters.Length; i++)
            {
                if (Answer[offset + i] != characters[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
