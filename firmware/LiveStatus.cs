// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Tcp;

namespace Firmware
{
    /// <summary>
    /// What changes all the time, as JSON: of the whole status (<see cref="StatusApi"/>) the numbers, under the same names. The page's script
    /// asks for this every two seconds, and for the whole when <c>changes</c> in it is another one. It is laid out once; a request writes only
    /// digits that are others, which takes a tenth of what the whole takes.
    /// </summary>
    public sealed class LiveStatus : HttpPage
    {
        /// <summary>Where it is.</summary>
        public const string LivePath = "/api/live";

        // a number of 32 bits; JSON has nothing against spaces before it
        private const int NumberWidth = 10;
        private const string Number = "         0";

        // what stands before each of the numbers, which stand in the same order in Update
        private const string Names = "{\"changes\":;,\"up\":;,\"longestPoll\":;,\"time\":;,\"led\":;,\"input\":;"
            + ",\"traffic\":{\"framesIn\":;,\"framesOut\":;,\"bytesIn\":;,\"bytesOut\":;,\"segmentsIn\":;,\"segmentsOut\":;,\"repeated\":;"
            + "},\"chip\":{\"revision\":;,\"crcErrors\":;,\"dropped\":;,\"overruns\":;,\"collisions\":;,\"aborts\":;,\"linkChanges\":;,\"restarts\":;,\"resets\":;"
            + "},\"web\":{\"clients\":;,\"connections\":;,\"pages\":;,\"handled\":;,\"refused\":;,\"failures\":";

        private const int PoolNumbers = 3;

        private readonly StatusApi _api;
        private readonly Application _application;
        private readonly TcpIpStack _stack;
        private readonly Network _network;
        private readonly Enc28j60Counters _chip;
        private readonly EthernetCounters _frames;
        private readonly TcpCounters _tcp;
        private readonly HttpServer _server;
        private readonly StatusPage _page;
        private readonly BoardPins _pins;
        private readonly WordBuffer _response;

        // where each number stands, and which
        private readonly int[] _at;
        private readonly uint[] _shown;
        private int _next;

        /// <summary>
        /// Initializes a new instance of the <see cref="LiveStatus"/> class.
        /// </summary>
        /// <param name="application">The application, which has found its chip.</param>
        /// <param name="api">What knows of changes.</param>
        /// <param name="page">Who counts the up-time.</param>
        /// <param name="pins">The pins.</param>
        public LiveStatus(Application application, StatusApi api, StatusPage page, BoardPins pins)
            : base(LivePath)
        {
            _application = application;
            _api = api;
            _page = page;
            _pins = pins;
            _server = application.Http;
            _network = application.Network;
            _stack = _network.Stack;
            _chip = _network.Ethernet.Counters;
            _frames = _stack.Ethernet.Counters;
            _tcp = _stack.Tcp.Counters;
            FramePool pool = _stack.Pool;
            string[] names = Names.Split(';');
            _at = new int[names.Length + (PoolNumbers * pool.Classes)];
            _shown = new uint[_at.Length];
            string body = string.Empty;
            for (int i = 0; i < names.Length; i++)
            {
                AddNumber(ref body, names[i]);
            }

            body += "},\"pools\":[";
            for (int i = 0; i < pool.Classes; i++)
            {
                body += (i == 0 ? "{\"size\":" : ",{\"size\":") + pool.Capacity(i).ToString() + ",\"total\":" + pool.Total(i).ToString();
                AddNumber(ref body, ",\"used\":");
                AddNumber(ref body, ",\"most\":");
                AddNumber(ref body, ",\"empty\":");
                body += "}";
            }

            body += "]}\n";
            string header = HttpResponse.Header("200 OK", "application/json", body.Length, string.Empty);
            if ((header.Length & 1) != 0)
            {
                header = HttpResponse.Header("200 OK", " application/json", body.Length, string.Empty);
            }

            for (int i = 0; i < _at.Length; i++)
            {
                _at[i] += header.Length;
            }

            _response = new WordBuffer(header + body, pool.Order);
        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        public override void Update(int now)
        {
            long time = _network.Sntp.GetTime(now);
            _page.Tick(now);
            _next = 0;
            Show(_api.Changes);
            Show(_page.Seconds);
            Show((uint)_application.LongestPoll);
            Show(time < 0 ? 0 : (uint)(time / 1000));
            Show(_pins.IsOn ? 1u : 0u);
            Show(_pins.IsInputHigh ? 1u : 0u);

            Show(_frames.FramesReceived);
            Show(_frames.FramesSent);
            Show(_chip.BytesReceived);
            Show(_chip.BytesSent);
            Show(_tcp.SegmentsReceived);
            Show(_tcp.SegmentsSent);
            Show(_tcp.Retransmissions);

            Show((uint)_network.Ethernet.Revision);
            Show(_chip.CrcErrors);
            Show(_chip.DroppedNoFrame);
            Show(_chip.ReceiveOverruns);
            Show(_chip.Collisions);
            Show(_chip.TransmitAborts);
            Show(_chip.LinkChanges);
            Show(_chip.Restarts);
            Show(_chip.ReceiverResets);

            HttpCounters web = _server.Counters;
            Show((uint)_server.Clients);
            Show(web.Connections);
            Show(web.Pages);
            Show(web.Handled);
            Show(web.BadRequests);
            Show(web.HandlerFailures);

            FramePool pool = _stack.Pool;
            int classes = pool.Classes;
            for (int i = 0; i < classes; i++)
            {
                Show((uint)pool.InUse(i));
                Show((uint)pool.HighWater(i));
                Show(pool.Exhausted(i));
            }
        }

        /// <summary>
        /// Adds a number that begins at an even offset, where two of its digits are one word.
        /// </summary>
        private void AddNumber(ref string body, string name)
        {
            body += name;
            if ((body.Length & 1) != 0)
            {
                body += " ";
            }

            _at[_next++] = body.Length;
            body += Number;
        }

        /// <summary>
        /// Writes the next number, if it is another one.
        /// </summary>
        private void Show(uint value)
        {
            int i = _next;
            _next = i + 1;
            uint shown = _shown[i];
            if (value != shown)
            {
                _shown[i] = value;
                _response.ChangeDecimal(_at[i], NumberWidth, shown, value);
            }
        }
    }
}
