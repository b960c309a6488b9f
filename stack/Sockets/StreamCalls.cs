// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Tcp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// The calls for streams that open and close: OPEN, CLOSE and ABORT of RFC 9293 section 3.9.1, as sockets have them.
    /// </summary>
    internal sealed partial class StreamCalls
    {
        private const int ShortestKeepAlive = 1000;

        private readonly TcpLayer _tcp;
        private readonly SendCall _send;

        /// <summary>
        /// Initializes a new instance of the <see cref="StreamCalls"/> class.
        /// </summary>
        /// <param name="tcp">The layer below.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="configuration">Sizes.</param>
        internal StreamCalls(TcpLayer tcp, FramePool pool, StackConfiguration configuration)
        {
            _tcp = tcp;
            _send = new SendCall(tcp, pool, configuration.TcpSendFrames);
        }

        /// <summary>Gets the number of streams in the table, used or not.</summary>
        internal int Count => _tcp.Blocks.Length;

        /// <summary>Gets the connections that peers are opening, and free entries for such.</summary>
        internal TcpHalfOpen[] HalfOpen => _tcp.SynQueue.Entries;

        /// <summary>Gets the time of the last poll in milliseconds.</summary>
        internal int Now => _tcp.Now;

        /// <summary>Takes a block of the table for an application.</summary>
        /// <returns>The descriptor, or TooManyOpenSockets.</returns>
        internal int Open()
        {
            TcpControlBlock block = _tcp.Allocate(null);
            if (block == null)
            {
                return (int)SocketError.TooManyOpenSockets;
            }

            TcpTable.Attach(block);
            return block.Descriptor;
        }

        /// <summary>Gives a socket a port, or with port 0 one that nobody has.</summary>
        /// <returns>As of <see cref="SocketLayer.Bind(int, int)"/>.</returns>
        internal int Bind(TcpControlBlock block, int port)
        {
            if (port != 0 && !PortNumbers.IsPort(port))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Bind, block);
            return answer != CallTable.Ok ? answer : (int)_tcp.Ports.Bind(block, port);
        }

        /// <summary>The passive OPEN.</summary>
        /// <returns>As of <see cref="SocketLayer.Listen"/>.</returns>
        internal static int Listen(TcpControlBlock block, int backlog)
        {
            if (backlog < 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Listen, block);
            if (answer == CallTable.Ok)
            {
                OpenCall.OpenPassive(block, backlog);
            }

            return answer;
        }

        /// <summary>Hands a connection out that waits behind a listener.</summary>
        /// <returns>As of <see cref="SocketLayer.Accept"/>.</returns>
        internal int Accept(TcpControlBlock listener)
        {
            if (listener.Waiting == 0)
            {
                // nor does anybody wait behind what does not listen; a server that asks in each turn is answered without the table
                return listener.State == TcpState.Listen ? (int)SocketError.WouldBlock : CallTable.Answer(CallTable.Accept, listener);
            }

            TcpControlBlock oldest = _tcp.Backlog.FindOldest(listener);
            TcpBacklog.Remove(oldest);
            TcpTable.Attach(oldest);
            return oldest.Descriptor;
        }

        /// <summary>The active OPEN.</summary>
        /// <returns>As of <see cref="SocketLayer.Connect"/>.</returns>
        internal int Connect(TcpControlBlock block, uint address, int port)
        {
            IPv4Layer ipv4 = _tcp.IPv4;
            if (!PortNumbers.IsPort(port) || !ipv4.IsHost(address))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Connect, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            SocketError refusal = ipv4.CanSendTo(address);
            if (refusal != SocketError.Success)
            {
                return (int)refusal;
            }

            address = ipv4.MapLoopback(address);
            if (!ipv4.HasRoute(address))
            {
                return (int)SocketError.NetworkUnreachable;
            }

            if (block.LocalPort == 0)
            {
                _tcp.Ports.Bind(block, 0);
            }
            else if (_tcp.Table.Find(block.LocalPort, address, port) != null)
            {
                return (int)SocketError.AddressInUse;
            }

            OpenCall.OpenActive(_tcp, block, address, port);
            return (int)SocketError.InProgress;
        }

        /// <summary>CLOSE of our direction.</summary>
        /// <returns>As of <see cref="SocketLayer.Shutdown"/>.</returns>
        internal int Shutdown(TcpControlBlock block)
        {
            int answer = CallTable.Answer(CallTable.Shutdown, block);
            if (answer == CallTable.Ok)
            {
                CloseCall.CloseSending(_tcp, block);
            }

            return answer == CallTable.Done ? 0 : answer;
        }

        /// <summary>The application gives the socket up.</summary>
        internal void Close(TcpControlBlock block) => CloseCall.Close(_tcp, block);

        /// <summary>ABORT.</summary>
        internal void Abort(TcpControlBlock block) => AbortCall.Abort(_tcp, block);

        /// <summary>Has a silent peer probed.</summary>
        /// <returns>As of <see cref="SocketLayer.SetKeepAlive"/>.</returns>
        internal int SetKeepAlive(TcpControlBlock block, int idle)
        {
            if (idle != 0 && idle < ShortestKeepAlive)
            {
                return (int)SocketError.InvalidArgument;
            }

            KeepAlive.Set(block, idle, _tcp.Now);
            _tcp.RequestOutput(block);
            return 0;
        }

        /// <summary>Sets how long a peer may owe an acknowledgment.</summary>
        /// <returns>As of <see cref="SocketLayer.SetUserTimeout"/>.</returns>
        internal int SetUserTimeout(TcpControlBlock block, int milliseconds)
        {
            if (milliseconds < 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            UserTimeout.Set(block, milliseconds);
            _tcp.RequestOutput(block);
            return 0;
        }

        /// <summary>How long a connection has been open.</summary>
        /// <returns>Milliseconds.</returns>
        internal int GetAge(TcpControlBlock block) => StatusCall.GetAge(block, _tcp.Now);

        /// <summary>How much has arrived, or whether a connection waits to be accepted.</summary>
        /// <returns>As of <see cref="SocketLayer.GetAvailable"/>.</returns>
        internal int GetAvailable(TcpControlBlock block) => StatusCall.GetAvailable(_tcp, block);

        /// <summary>How many wait behind a listener.</summary>
        /// <returns>As of <see cref="SocketLayer.GetWaiting"/>.</returns>
        internal int GetWaiting(TcpControlBlock block) => block.State == TcpState.Listen ? block.Waiting + _tcp.SynQueue.CountProven(block) : 0;

        /// <summary>Which calls would not have to wait.</summary>
        /// <returns>As of <see cref="SocketLayer.GetReadiness"/>.</returns>
        internal int GetReadiness(TcpControlBlock block)
        {
            int answer = StatusCall.GetAvailable(_tcp, block) > 0 ? CallTable.Ok : CallTable.Answer(CallTable.Receive, block);
            int readiness = IsWaiting(answer) ? 0 : SocketLayer.ReadyToRead;
            answer = CallTable.Answer(CallTable.Send, block);
            if (answer == CallTable.Ok ? _send.HasRoom(block) : !IsWaiting(answer))
            {
                readiness |= SocketLayer.ReadyToWrite;
            }

            return block.Error != SocketError.Success ? readiness | SocketLayer.HasFailed : readiness;
        }

        private static bool IsWaiting(int answer)
        {
            return answer == (int)SocketError.WouldBlock || answer == (int)SocketError.InProgress || answer == (int)SocketError.NotConnected;
        }
    }
}
