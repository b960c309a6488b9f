// Licensed under the MIT license. See LICENSE in the repository root.

using System.IO;

namespace System.Net.Sockets
{
    /// <summary>
    /// A connection as a stream of bytes.
    /// </summary>
    public class NetworkStream : Stream
    {
        private const string NoPlaces = "A connection has no length and no places to go to.";

        internal readonly Socket Connection;

        /// <summary>The kind of the socket, as <see cref="SocketType"/> has it.</summary>
        protected int _socketType;

        /// <summary>The peer.</summary>
        protected EndPoint _remoteEndPoint;

        /// <summary>Whether the stream was closed.</summary>
        protected bool _disposed;

        private readonly bool _ownsSocket;

        /// <summary>
        /// Initializes a new instance of the <see cref="NetworkStream"/> class over a socket that stays open when the stream is closed.
        /// </summary>
        /// <param name="socket">A connected socket.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        /// <exception cref="IOException">It is not connected, was closed, or is for datagrams.</exception>
        public NetworkStream(Socket socket)
            : this(socket, false)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="NetworkStream"/> class.
        /// </summary>
        /// <param name="socket">A connected socket.</param>
        /// <param name="ownsSocket">Whether closing the stream closes the socket.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        /// <exception cref="IOException">It is not connected, was closed, or is for datagrams.</exception>
        public NetworkStream(Socket socket, bool ownsSocket)
        {
            if (socket == null)
            {
                throw new ArgumentNullException(nameof(socket));
            }

            if (socket.SocketType != SocketType.Stream)
            {
                throw new IOException("Datagrams are no stream.");
            }

            try
            {
                _remoteEndPoint = socket.RemoteEndPoint;
            }
            catch (SocketException exception)
            {
                throw new IOException("A stream needs a connection.", exception);
            }
            catch (ObjectDisposedException exception)
            {
                throw new IOException("The socket was closed.", exception);
            }

            _socketType = (int)socket.SocketType;
            _ownsSocket = ownsSocket;
            Connection = socket;
        }

        /// <summary>Gets a value indicating whether it can be read: it can.</summary>
        public override bool CanRead => true;

        /// <summary>Gets a value indicating whether one can go back in it: one cannot.</summary>
        public override bool CanSeek => false;

        /// <summary>Gets a value indicating whether it has timeouts: it has.</summary>
        public override bool CanTimeout => true;

        /// <summary>Gets a value indicating whether it can be written: it can.</summary>
        public override bool CanWrite => true;

        /// <summary>Gets or sets milliseconds that a read waits, or -1 for ever.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is 0, or below -1.</exception>
        public override int ReadTimeout
        {
            get
            {
                int timeout = Connection.ReceiveTimeout;
                return timeout == 0 ? Threading.Timeout.Infinite : timeout;
            }

            set
            {
                if (value == 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                Connection.ReceiveTimeout = value;
            }
        }

        /// <summary>Gets or sets milliseconds that a write waits, or -1 for ever.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is 0, or below -1.</exception>
        public override int WriteTimeout
        {
            get
            {
                int timeout = Connection.SendTimeout;
                return timeout == 0 ? Threading.Timeout.Infinite : timeout;
            }

            set
            {
                if (value == 0)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                Connection.SendTimeout = value;
            }
        }

        /// <summary>Gets the number of bytes that have arrived and were not read: nanoFramework's libraries take it for that.</summary>
        /// <exception cref="ObjectDisposedException">The stream, or the socket, was closed.</exception>
        public override long Length
        {
            get
            {
                if (_disposed)
                {
                    throw new ObjectDisposedException(nameof(NetworkStream));
                }

                return Connection.Available;
            }
        }

        /// <summary>Gets or sets nothing: a connection has no position.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override long Position
        {
            get => throw new NotSupportedException(NoPlaces);
            set => throw new NotSupportedException(NoPlaces);
        }

        /// <summary>Gets a value indicating whether a read will find something.</summary>
        /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
        public virtual bool DataAvailable
        {
            get
            {
                if (_disposed)
                {
                    throw new ObjectDisposedException(nameof(NetworkStream));
                }

                return Connection.Available > 0;
            }
        }

        /// <summary>
        /// Closes the stream. What was written still leaves, whether one waits for it or not.
        /// </summary>
        /// <param name="timeout">Milliseconds, or -1. Nothing waits here: see <see cref="SocketOptionName.Linger"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">It is below -1.</exception>
        public void Close(int timeout)
        {
            if (timeout < Threading.Timeout.Infinite)
            {
                throw new ArgumentOutOfRangeException(nameof(timeout));
            }

            Close();
        }

        /// <summary>Does nothing: what was written is on its way already.</summary>
        public override void Flush()
        {
        }

        /// <summary>
        /// Reads what is there; if nothing is, waits for it.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="count">How many at most.</param>
        /// <returns>How many, 0 if the peer has closed its direction.</returns>
        /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
        /// <exception cref="SocketException">The connection has ended, or the time is over.</exception>
        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(nameof(NetworkStream));
            }

            return Connection.Receive(buffer, offset, count, SocketFlags.None);
        }

        /// <summary>
        /// Reads what is there, into an array of its own first, for a span tells nobody of its array.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <returns>How many bytes, 0 if the peer has closed its direction.</returns>
        /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
        /// <exception cref="SocketException">The connection has ended, or the time is over.</exception>
        public override int Read(SpanByte buffer)
        {
            byte[] bytes = new byte[buffer.Length];
            int count = Read(bytes, 0, bytes.Length);
            new SpanByte(bytes, 0, count).CopyTo(buffer);
            return count;
        }

        /// <summary>Does nothing but throw: one cannot go back.</summary>
        /// <param name="offset">Not used.</param>
        /// <param name="origin">Not used either.</param>
        /// <returns>Never.</returns>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException(NoPlaces);

        /// <summary>Does nothing but throw: a connection has no length.</summary>
        /// <param name="value">Not used.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override void SetLength(long value) => throw new NotSupportedException(NoPlaces);

        /// <summary>
        /// Writes all of it; where there is no room, waits for it.
        /// </summary>
        /// <param name="buffer">Where it is.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="count">How many.</param>
        /// <exception cref="ObjectDisposedException">The stream was closed.</exception>
        /// <exception cref="IOException">The time was over before there was room for all of it, or the peer answers no more. It is not known how much has
        /// left: what is written next may follow a gap.</exception>
        /// <exception cref="SocketException">The connection has ended.</exception>
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(nameof(NetworkStream));
            }

            try
            {
                Connection.Send(buffer, offset, count, SocketFlags.None);
            }
            catch (SocketException exception)
            {
                if (exception.ErrorCode != (int)SocketError.TimedOut)
                {
                    throw;
                }

                throw new IOException("The time was over before all had left.", exception);
            }
        }

        /// <summary>
        /// Closes the stream, and the socket if it is its own.
        /// </summary>
        /// <param name="disposing">Whether it was asked for, and not the garbage collector's doing.</param>
        protected override void Dispose(bool disposing)
        {
            if (!_disposed)
            {
                if (disposing && _ownsSocket)
                {
                    Connection.Close();
                }

                _disposed = true;
            }
        }
    }
}
