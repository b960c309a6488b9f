// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Net.Sockets
{
    /// <summary>
    /// The bytes of a connection, under the name and with the members of System.Net.Sockets. It is no System.IO.Stream: that is in a
    /// package which the stack does not need.
    /// </summary>
    /// <remarks>
    /// Reading and writing allocate nothing, unless they fail and throw. Length, Position, Seek and SetLength, which only ever throw
    /// in System.Net.Sockets, are not there, nor is Read with a SpanByte, which allocates by itself.
    /// </remarks>
    public sealed class NetworkStream : IDisposable
    {
        private readonly WaitingSockets _sockets;
        private readonly bool _ownsSocket;
        private readonly byte[] _single = new byte[1];
        private int _descriptor;
        private int _readTimeout = StackRunner.Forever;
        private int _writeTimeout = StackRunner.Forever;

        /// <summary>
        /// Initializes a new instance of the <see cref="NetworkStream"/> class.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="descriptor">A connected socket.</param>
        /// <param name="ownsSocket">Whether closing the stream closes the socket.</param>
        public NetworkStream(WaitingSockets sockets, int descriptor, bool ownsSocket)
        {
            _sockets = sockets;
            _descriptor = descriptor;
            _ownsSocket = ownsSocket;
        }

        /// <summary>Gets a value indicating whether the stream can be read: while it is open.</summary>
        public bool CanRead => _descriptor >= 0;

        /// <summary>Gets a value indicating whether the stream can be written: while it is open.</summary>
        public bool CanWrite => _descriptor >= 0;

        /// <summary>Gets a value indicating whether one can go back in it: no.</summary>
        public bool CanSeek => false;

        /// <summary>Gets a value indicating whether calls can have an end in time: yes.</summary>
        public bool CanTimeout => true;

        /// <summary>Gets a value indicating whether there is something to read. It lets the stack work once, so that a loop that
        /// asks makes progress.</summary>
        public bool DataAvailable
        {
            get
            {
                int available = _sockets.Layer.GetAvailable(_descriptor);
                if (available == 0)
                {
                    // in background work the stack is being run already, and this says so without harm
                    _sockets.Runner.Wait(0);
                    available = _sockets.Layer.GetAvailable(_descriptor);
                }

                return available > 0;
            }
        }

        /// <summary>
        /// Gets or sets the milliseconds after which a read gives up, or <see cref="StackRunner.Forever"/>, which it is at first.
        /// </summary>
        /// <exception cref="SocketException">InvalidArgument: it is set to 0 or another negative number.</exception>
        public int ReadTimeout
        {
            get => _readTimeout;
            set => _readTimeout = CheckTimeout(value);
        }

        /// <summary>
        /// Gets or sets the milliseconds after which a write gives up, or <see cref="StackRunner.Forever"/>, which it is at first.
        /// </summary>
        /// <exception cref="SocketException">InvalidArgument: it is set to 0 or another negative number.</exception>
        public int WriteTimeout
        {
            get => _writeTimeout;
            set => _writeTimeout = CheckTimeout(value);
        }

        /// <summary>Gets the stack's socket, for its other calls, or -1.</summary>
        public int Descriptor => _descriptor;

        /// <summary>
        /// Reads what has arrived, or waits for some: it returns as soon as there is one byte.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit.</param>
        /// <returns>How many were read; 0 if the peer has closed and all has been read.</returns>
        /// <exception cref="SocketException">TimedOut, InvalidArgument, BadDescriptor after a close, or why the connection
        /// ended.</exception>
        public int Read(byte[] buffer, int offset, int count)
        {
            return count == 0 && buffer != null
                ? 0
                : SocketException.Check(_sockets.Read(_descriptor, buffer, offset, count, _readTimeout));
        }

        /// <summary>
        /// Reads one byte, or waits for it.
        /// </summary>
        /// <returns>0 to 255, or -1 if the peer has closed and all has been read.</returns>
        /// <exception cref="SocketException">As of <see cref="Read"/>.</exception>
        public int ReadByte()
        {
            return SocketException.Check(_sockets.Read(_descriptor, _single, 0, 1, _readTimeout)) == 0 ? -1 : _single[0];
        }

        /// <summary>
        /// Writes all of some bytes, and waits for room where there is none.
        /// </summary>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <exception cref="SocketException">TimedOut (some of it may have been written), NoBufferSpace, InvalidArgument,
        /// BadDescriptor after a close, Shutdown, or why the connection ended.</exception>
        public void Write(byte[] buffer, int offset, int count)
        {
            if (SocketException.Check(_sockets.Write(_descriptor, buffer, offset, count, _writeTimeout)) != count)
            {
                SocketException.Check((int)SocketError.WouldBlock);
            }
        }

        /// <summary>
        /// Writes one byte.
        /// </summary>
        /// <param name="value">The byte.</param>
        /// <exception cref="SocketException">As of <see cref="Write"/>.</exception>
        public void WriteByte(byte value)
        {
            _single[0] = value;
            Write(_single, 0, 1);
        }

        /// <summary>
        /// Does nothing: what is written has left already, as far as TCP lets it.
        /// </summary>
        public void Flush()
        {
        }

        /// <summary>
        /// Closes the stream, and the socket if it is the stream's. It does not wait: what was written arrives only if the stack goes on
        /// being run, by other calls that wait or by <see cref="StackRunner.Wait"/>.
        /// </summary>
        public void Close()
        {
            if (_ownsSocket && _descriptor >= 0)
            {
                _sockets.Layer.Close(_descriptor);
                _sockets.Runner.Flush();
            }

            _descriptor = -1;
        }

        /// <summary>
        /// Waits until the peer has acknowledged all that was written, and closes the stream.
        /// </summary>
        /// <param name="timeout">The longest to wait in milliseconds, or <see cref="StackRunner.Forever"/>. It is closed then too.</param>
        /// <exception cref="SocketException">InvalidArgument, or WouldDeadlock in background work: then it is still open.</exception>
        public void Close(int timeout)
        {
            if (_ownsSocket && _descriptor >= 0)
            {
                int result = _sockets.Close(_descriptor, timeout);
                if (result == (int)SocketError.InvalidArgument || result == (int)SocketError.WouldDeadlock)
                {
                    SocketException.Check(result);
                }
            }

            _descriptor = -1;
        }

        /// <inheritdoc/>
        public void Dispose() => Close();

        /// <summary>
        /// Gives the stream a new connection.
        /// </summary>
        /// <param name="descriptor">The socket.</param>
        internal void Attach(int descriptor)
        {
            _descriptor = descriptor;
        }

        private static int CheckTimeout(int value)
        {
            if (value < StackRunner.Forever || value == 0)
            {
                SocketException.Check((int)SocketError.InvalidArgument);
            }

            return value;
        }
    }
}
