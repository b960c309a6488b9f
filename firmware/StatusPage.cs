// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;

namespace Firmware
{
    /// <summary>
    /// The status in a page without a script, for a program that reads it: up-time, packets, free frames, link. It is laid out once; a request
    /// writes only digits, so nothing that the board serves is cheaper.
    /// </summary>
    public sealed class StatusPage : HttpPage
    {
        /// <summary>Where the page is.</summary>
        public const string StatusPath = "/status";

        private const int NumberWidth = 10;

        // every number stands as 0 first
        private const string Number = "         0";

        private readonly EthernetCounters _counters;
        private readonly FramePool _pool;
        private readonly Enc28j60 _ethernet;
        private readonly WordBuffer _response;
        private readonly int _totalFrames;
        private readonly int _daysAt;
        private readonly int _clockAt;
        private readonly int _receivedAt;
        private readonly int _sentAt;
        private readonly int _freeAt;
        private readonly int _linkAt;
        private readonly int _changesAt;
        private readonly int _servedAt;
        private int _lastTick;
        private uint _seconds;

        // what stands in the page: of most numbers little or nothing changes from one request to the next
        private uint _shownSeconds;
        private uint _received;
        private uint _sent;
        private uint _free;
        private uint _changes;
        private uint _served;
        private bool _up;

        /// <summary>
        /// Initializes a new instance of the <see cref="StatusPage"/> class.
        /// </summary>
        /// <param name="stack">The stack whose counters are shown.</param>
        /// <param name="ethernet">The driver whose link is shown.</param>
        /// <param name="now">The time in milliseconds, from which the up-time counts.</param>
        public StatusPage(TcpIpStack stack, Enc28j60 ethernet, int now)
            : base(StatusPath)
        {
            _counters = stack.Ethernet.Counters;
            _pool = stack.Pool;
            _ethernet = ethernet;
            _lastTick = now;
            for (int i = 0; i < stack.Pool.Classes; i++)
            {
                _totalFrames += stack.Pool.Total(i);
            }

            // places for digits are found by their offset in the text, so the text is made piece by piece
            string body = "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>"
                + "<meta name=viewport content=\"width=device-width\"><title>" + Board.PageTitle + "</title><style>"
                + "body{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:3em auto;padding:0 1em;color:#234}"
                + "h1{font-size:1.4em}table{width:100%;border-collapse:collapse}"
                + "td{padding:.4em 0;border-top:1px solid #cde}td+td{text-align:right;font-weight:600;white-space:pre}"
                + "p{color:#678}</style><h1>Hello from a managed TCP/IP stack</h1><table>";

            // the seconds change more often than the days
            int days = AddRow(ref body, "Up-time", " " + Number + " d ") + 1;
            int clock = body.Length;
            body += "00:00:00";
            int received = AddRow(ref body, "Packets received", Number);
            int sent = AddRow(ref body, "Packets sent", Number);
            int free = AddRow(ref body, "Free frames", Number + " of " + _totalFrames.ToString());
            int link = AddRow(ref body, "Link", "down");
            int changes = AddRow(ref body, "Link changes", Number);
            int served = AddRow(ref body, "Pages served", Number);
            body += "</table><p>Every frame on the way to this page was handled in C#, without one allocation.\n";

            string header = HttpResponse.Header("200 OK", "text/html; charset=utf-8", body.Length, string.Empty);
            if ((header.Length & 1) != 0)
            {
                header = HttpResponse.Header("200 OK", "text/html;  charset=utf-8", body.Length, string.Empty);
            }

            _daysAt = header.Length + days;
            _clockAt = header.Length + clock;
            _receivedAt = header.Length + received;
            _sentAt = header.Length + sent;
            _freeAt = header.Length + free;
            _linkAt = header.Length + link;
            _changesAt = header.Length + changes;
            _servedAt = header.Length + served;
            _response = new WordBuffer(header + body, stack.Pool.Order);
        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <summary>Gets the seconds that the board has been up, as of the last <see cref="Tick"/>.</summary>
        public uint Seconds => _seconds;

        /// <summary>
        /// Counts the seconds. The time wraps, the up-time should not: so this is called now and then, requests or not.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        public void Tick(int now)
        {
            int elapsed = (now - _lastTick) / 1000;
            if (elapsed > 0)
            {
                _seconds += (uint)elapsed;
                _lastTick += elapsed * 1000;
            }
        }

        /// <inheritdoc/>
        public override void Update(int now)
        {
            Tick(now);
            if (_seconds != _shownSeconds)
            {
                ShowTime();
            }

            uint value = _counters.FramesReceived;
            if (value != _received)
            {
                _response.ChangeDecimal(_receivedAt, NumberWidth, _received, value);
                _received = value;
            }

            value = _counters.FramesSent;
            if (value != _sent)
            {
                _response.ChangeDecimal(_sentAt, NumberWidth, _sent, value);
                _sent = value;
            }

            value = (uint)_pool.Free;
            if (value != _free)
            {
                _response.ChangeDecimal(_freeAt, NumberWidth, _free, value);
                _free = value;
            }

            value = _counters.LinkChanges;
            if (value != _changes)
            {
                _response.ChangeDecimal(_changesAt, NumberWidth, _changes, value);
                _changes = value;
            }

            _response.ChangeDecimal(_servedAt, NumberWidth, _served, _served + 1);
            _served++;

            bool up = _ethernet.IsLinkUp;
            if (up != _up)
            {
                _up = up;
                _response.SetByte(_linkAt, up ? ' ' : 'd');
                _response.SetByte(_linkAt + 1, up ? ' ' : 'o');
                _response.SetByte(_linkAt + 2, up ? 'u' : 'w');
                _response.SetByte(_linkAt + 3, up ? 'p' : 'n');
            }
        }

        /// <summary>
        /// Adds a row whose value begins at an even offset, where two of its digits are one word.
        /// </summary>
        /// <returns>Where the value begins.</returns>
        private static int AddRow(ref string body, string name, string value)
        {
            body += "<tr><td>" + name + "<td>";
            if ((body.Length & 1) != 0)
            {
                body += " ";
            }

            int at = body.Length;
            body += value;
            return at;
        }

        private void ShowTime()
        {
            uint before = _shownSeconds;
            uint seconds = _seconds;
            _shownSeconds = seconds;
            uint minutes = seconds / 60;
            _response.WriteTwoDigits(_clockAt + 6, (int)(seconds - (minutes * 60)));
            if (minutes != before / 60)
            {
                _response.WriteTwoDigits(_clockAt + 3, (int)(minutes % 60));
                _response.WriteTwoDigits(_clockAt, (int)(minutes / 60 % 24));
                _response.ChangeDecimal(_daysAt, NumberWidth, before / 86400, seconds / 86400);
            }
        }
    }
}
