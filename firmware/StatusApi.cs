// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace Firmware
{
    /// <summary>
    /// What a program asks the board: its status as JSON, and to switch the output.
    /// </summary>
    /// <remarks>
    /// The status is written piece by piece, each one as soon as there is room for it, so that it may be longer than a frame. A literal
    /// in a method is a new string on nanoCLR each time that it is reached: all of them are in arrays that are made once.
    /// </remarks>
    public sealed class StatusApi
    {
        /// <summary>Where the status is.</summary>
        public const string StatusPath = "/api/status";

        /// <summary>Where the output is switched: POST with on=0 or on=1.</summary>
        public const string LedPath = "/api/led";

        // more than any piece can be, and less than is left of the smallest frame behind a header
        private const int LongestPiece = 240;
        private const int Heads = 5;

        private static readonly string s_json = "application/json";
        private static readonly string s_on = "on";
        private static readonly string s_led = "{\"led\":";
        private static readonly string s_end = "]}\n";
        private static readonly string s_host = Board.HostName;
        private static readonly string s_local = ".local";

        private static readonly string[] s_first = new string[] { "{\"changes\":", ",\"up\":", ",\"longestPoll\":", ",\"time\":", ",\"led\":", ",\"input\":", ",\"network\":{\"link\":", ",\"state\":\"", "\",\"from\":\"", "\",\"lease\":" };
        private static readonly string[] s_addresses = new string[] { ",\"name\":\"", "\",\"address\":\"", "\",\"netmask\":\"", "\",\"gateway\":\"", "\",\"server\":\"", "\"},\"traffic\":{\"framesIn\":" };
        private static readonly string[] s_traffic = new string[] { ",\"framesOut\":", ",\"bytesIn\":", ",\"bytesOut\":", ",\"segmentsIn\":", ",\"segmentsOut\":", ",\"repeated\":", "},\"chip\":{\"revision\":" };
        private static readonly string[] s_chip = new string[] { ",\"crcErrors\":", ",\"dropped\":", ",\"overruns\":", ",\"collisions\":", ",\"aborts\":", ",\"linkChanges\":", ",\"restarts\":", ",\"resets\":" };
        private static readonly string[] s_web = new string[] { "},\"web\":{\"clients\":", ",\"connections\":", ",\"pages\":", ",\"handled\":", ",\"refused\":", ",\"failures\":" };
        private static readonly string[] s_pool = new string[] { "},\"pools\":[{\"size\":", ",{\"size\":", ",\"total\":", ",\"used\":", ",\"most\":", ",\"empty\":", "}" };
        private static readonly string[] s_socket = new string[] { "],\"sockets\":[", ",", "{\"type\":\"", "\",\"state\":\"", "\",\"port\":", ",\"peer\":\"", "\",\"peerPort\":", ",\"in\":", ",\"out\":", "}" };
        private static readonly string[] s_neighbour = new string[] { "],\"neighbours\":[", ",", "{\"address\":\"", "\",\"mac\":\"", "\",\"state\":\"", "\"}" };
        private static readonly string[] s_states = new string[] { "starting", "chip failed", "no link", "no address", "checking", "address taken", "link-local", "ready" };
        private static readonly string[] s_modes = new string[] { "DHCP", "fixed", "link-local" };
        private static readonly string[] s_types = new string[] { "tcp", "udp", "icmp" };
        private static readonly string[] s_arp = new string[] { string.Empty, "asked", "reachable", "silent" };

        private static readonly string[] s_tcp = new string[]
        {
            "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
        };

        // a MAC address as text
        private const int MacText = 17;

        private readonly Application _application;
        private readonly Network _network;
        private readonly TcpIpStack _stack;
        private readonly HttpServer _server;
        private readonly StatusPage _page;
        private readonly BoardPins _pins;
        private readonly SocketStatus _status = new SocketStatus();
        private readonly byte[] _mac = new byte[MacText];
        private readonly int _socketsAt;
        private readonly int _neighboursAt;
        private readonly int _endAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="StatusApi"/> class, and adds what it answers to a server.
        /// </summary>
        /// <param name="application">The application, which has found its chip.</param>
        /// <param name="server">The server.</param>
        /// <param name="page">Who counts the up-time.</param>
        /// <param name="pins">The pins.</param>
        public StatusApi(Application application, HttpServer server, StatusPage page, BoardPins pins)
        {
            _application = application;
            _network = application.Network;
            _stack = _network.Stack;
            _server = server;
            _page = page;
            _pins = pins;
            _socketsAt = Heads + _stack.Pool.Classes;
            _neighboursAt = _socketsAt + _stack.Sockets.RowCount;
            _endAt = _neighboursAt + _stack.Arp.EntryCount;
            server.Add(HttpMethods.Get, StatusPath, AnswerStatus, HttpOptions.None);
            server.Add(HttpMethods.Post, LedPath, AnswerLed, HttpOptions.Form);
        }

        /// <summary>
        /// Gets a number that is another one when something has changed that <see cref="LiveStatus"/> does not tell: the network, or who is
        /// connected to the page.
        /// </summary>
        public uint Changes => _network.Changes + _server.Counters.Connections + ((uint)_server.Clients << 16) + _stack.Tcp.Counters.ActiveOpens;

        /// <summary>
        /// Answers with the status.
        /// </summary>
        /// <param name="context">The request.</param>
        public void AnswerStatus(HttpContext context)
        {
            // the number of the next piece, and whether a row stands before it
            int piece = context.Step >> 1;
            int follows = context.Step & 1;
            if (piece == 0)
            {
                context.Begin(200, s_json);
            }

            while (piece < _endAt)
            {
                if (context.Room < LongestPiece)
                {
                    context.Continue((piece << 1) | follows);
                    return;
                }

                follows = WritePiece(context, piece, follows);
                piece++;
            }

            if (context.Room < LongestPiece)
            {
                context.Continue(piece << 1);
                return;
            }

            context.Write(s_end);
        }

        /// <summary>
        /// Switches the output, and answers with what it is then.
        /// </summary>
        /// <param name="context">The request.</param>
        public void AnswerLed(HttpContext context)
        {
            HttpValue value = context.Form(s_on);
            int on = value == null ? -1 : value.ToInt32(-1);
            if (on < 0 || on > 1)
            {
                context.Reply(400);
                return;
            }

            _pins.Switch(on == 1);
            context.Begin(200, s_json);
            context.Write(s_led);
            context.WriteDecimal(on);
            context.WriteByte('}');
        }

        private static int Digit(bool value) => value ? 1 : 0;

        private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' - 10 + value);

        private static void Put(HttpContext context, string label, uint value)
        {
            context.Write(label);
            if (value > int.MaxValue)
            {
                context.WriteDecimal((int)(value / 10));
                value %= 10;
            }

            context.WriteDecimal((int)value);
        }

        private static void PutAddress(HttpContext context, string label, uint address)
        {
            context.Write(label);
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                context.WriteDecimal((int)(address >> shift) & 0xFF);
                if (shift > 0)
                {
                    context.WriteByte('.');
                }
            }
        }

        private static void PutText(HttpContext context, string label, string text)
        {
            context.Write(label);
            context.Write(text);
        }

        private int WritePiece(HttpContext context, int piece, int follows)
        {
            switch (piece)
            {
                case 0:
                    WriteBoard(context);
                    return 0;

                case 1:
                    WriteAddresses(context);
                    return 0;

                case 2:
                    WriteTraffic(context);
                    return 0;

                case 3:
                    WriteChip(context);
                    return 0;

                case 4:
                    WriteWeb(context);
                    return 0;
            }

            if (piece < _socketsAt)
            {
                WritePool(context, piece - Heads);
                return 0;
            }

            return piece < _neighboursAt ? WriteSocket(context, piece - _socketsAt, follows) : WriteNeighbour(context, piece - _neighboursAt, follows);
        }

        private void WriteBoard(HttpContext context)
        {
            int now = context.Now;
            DhcpClient dhcp = _network.Dhcp;
            long time = _network.Sntp.GetTime(now);
            bool isLinkLocal = _network.State == NetworkState.LinkLocal;
            _page.Tick(now);
            string[] labels = s_first;
            Put(context, labels[0], Changes);
            Put(context, labels[1], _page.Seconds);
            Put(context, labels[2], (uint)_application.LongestPoll);
            Put(context, labels[3], time < 0 ? 0 : (uint)(time / 1000));
            Put(context, labels[4], (uint)Digit(_pins.IsOn));
            Put(context, labels[5], (uint)Digit(_pins.IsInputHigh));
            Put(context, labels[6], (uint)Digit(_stack.IsLinkUp));
            PutText(context, labels[7], s_states[(int)_network.State]);
            PutText(context, labels[8], s_modes[isLinkLocal ? 2 : dhcp == null ? 1 : 0]);
            Put(context, labels[9], dhcp == null ? 0 : dhcp.Lease.Time);
        }

        private void WriteAddresses(HttpContext context)
        {
            DhcpClient dhcp = _network.Dhcp;
            string[] labels = s_addresses;
            context.Write(labels[0]);
            if (_network.HasName)
            {
                WriteName(context);
            }

            PutAddress(context, labels[1], _stack.IPv4.Address);
            PutAddress(context, labels[2], _stack.IPv4.Netmask);
            PutAddress(context, labels[3], _stack.IPv4.Gateway);
            PutAddress(context, labels[4], dhcp == null ? 0 : dhcp.Lease.Server);
            Put(context, labels[5], _stack.Ethernet.Counters.FramesReceived);
        }

        private void WriteName(HttpContext context)
        {
            context.Write(s_host);
            int number = _network.Mdns.HostNumber;
            if (number > 0)
            {
                // a number below zero has the hyphen before it
                context.WriteDecimal(-number);
            }

            context.Write(s_local);
        }

        private void WriteTraffic(HttpContext context)
        {
            TcpCounters tcp = _stack.Tcp.Counters;
            string[] labels = s_traffic;
            Put(context, labels[0], _stack.Ethernet.Counters.FramesSent);
            Put(context, labels[1], _network.Ethernet.Counters.BytesReceived);
            Put(context, labels[2], _network.Ethernet.Counters.BytesSent);
            Put(context, labels[3], tcp.SegmentsReceived);
            Put(context, labels[4], tcp.SegmentsSent);
            Put(context, labels[5], tcp.Retransmissions);
            Put(context, labels[6], (uint)_network.Ethernet.Revision);
        }

        private void WriteChip(HttpContext context)
        {
            Enc28j60Counters chip = _network.Ethernet.Counters;
            string[] labels = s_chip;
            Put(context, labels[0], chip.CrcErrors);
            Put(context, labels[1], chip.DroppedNoFrame);
            Put(context, labels[2], chip.ReceiveOverruns);
            Put(context, labels[3], chip.Collisions);
            Put(context, labels[4], chip.TransmitAborts);
            Put(context, labels[5], chip.LinkChanges);
            Put(context, labels[6], chip.Restarts);
            Put(context, labels[7], chip.ReceiverResets);
        }

        private void WriteWeb(HttpContext context)
        {
            HttpCounters web = _server.Counters;
            string[] labels = s_web;
            Put(context, labels[0], (uint)_server.Clients);
            Put(context, labels[1], web.Connections);
            Put(context, labels[2], web.Pages);
            Put(context, labels[3], web.Handled);
            Put(context, labels[4], web.BadRequests);
            Put(context, labels[5], web.HandlerFailures);
        }

        private void WritePool(HttpContext context, int size)
        {
            FramePool pool = _stack.Pool;
            string[] labels = s_pool;
            Put(context, labels[size == 0 ? 0 : 1], (uint)pool.Capacity(size));
            Put(context, labels[2], (uint)pool.Total(size));
            Put(context, labels[3], (uint)pool.InUse(size));
            Put(context, labels[4], (uint)pool.HighWater(size));
            Put(context, labels[5], pool.Exhausted(size));
            context.Write(labels[6]);
        }

        private int WriteSocket(HttpContext context, int row, int follows)
        {
            string[] labels = s_socket;
            if (row == 0)
            {
                context.Write(labels[0]);
            }

            SocketStatus status = _status;
            if (!_stack.Sockets.GetStatus(row, status))
            {
                return follows;
            }

            if (follows != 0)
            {
                context.Write(labels[1]);
            }

            PutText(context, labels[2], s_types[(int)status.Type]);
            PutText(context, labels[3], status.Type == SocketType.Stream ? s_tcp[(int)status.State] : string.Empty);
            Put(context, labels[4], (uint)status.LocalPort);
            PutAddress(context, labels[5], status.RemoteAddress);
            Put(context, labels[6], (uint)status.RemotePort);
            Put(context, labels[7], (uint)status.ReceiveQueueBytes);
            Put(context, labels[8], (uint)status.SendQueueBytes);
            context.Write(labels[9]);
            return 1;
        }

        private int WriteNeighbour(HttpContext context, int row, int follows)
        {
            string[] labels = s_neighbour;
            if (row == 0)
            {
                context.Write(labels[0]);
                follows = 0;
            }

            ArpEntryState state = _stack.Arp.GetState(row);
            if (state == ArpEntryState.Free)
            {
                return follows;
            }

            if (follows != 0)
            {
                context.Write(labels[1]);
            }

            PutAddress(context, labels[2], _stack.Arp.GetAddress(row));
            context.Write(labels[3]);
            if (state == ArpEntryState.Reachable)
            {
                WriteMac(context, row);
            }

            PutText(context, labels[4], s_arp[(int)state]);
            context.Write(labels[5]);
            return 1;
        }

        private void WriteMac(HttpContext context, int row)
        {
            byte[] text = _mac;
            for (int i = 0; i < MacText; i += 3)
            {
                int octet = _stack.Arp.GetOctet(row, i / 3);
                text[i] = HexDigit(octet >> 4);
                text[i + 1] = HexDigit(octet & 15);
                if (i + 2 < MacText)
                {
                    text[i + 2] = (byte)'-';
                }
            }

            context.Write(text, 0, MacText);
        }
    }
}
