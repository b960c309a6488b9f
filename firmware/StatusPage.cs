// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Http;

namespace Firmware
{
    /// <summary>
    /// The page that the board serves: up-time, packets, free frames, link. It is laid out once; a request writes only digits.
    /// </summary>
    public sealed class StatusPage : HttpPage
    {
        private const int NumberWidth = 10;

        private readonly TcpIpStack _stack;
        private readonly Enc28j60 _ethernet;
        private readonly WordBuffer _response;
        private readonly WordBuffer _headResponse;
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
        private uint _served;

        /// <summary>
        /// Initializes a new instance of the <see cref="StatusPage"/> class.
        /// </summary>
        /// <param name="stack">The stack whose counters are shown.</param>
        /// <param name="ethernet">The driver whose link is shown.</param>
        /// <param name="now">The time in milliseconds, from which the up-time counts.</param>
        public StatusPage(TcpIpStack stack, Enc28j60 ethernet, int now)
            : base("/")
        {
            _stack = stack;
            _ethernet = ethernet;
            _lastTick = now;
            for (int i = 0; i < stack.Pool.Classes; i++)
            {
                _totalFrames += stack.Pool.Total(i);
            }

            // places for digits are found by their offset in the text, so the text is made piece by piece
            string body = "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>"
                + "<meta name=viewport content=\"width=device-width\"><title>ENC28J60 on nanoFramework</title><style>"
                + "body{font:16px/1.5 system-ui,sans-serif;max-width:30em;margin:3em auto;padding:0 1em;color:#234}"
                + "h1{font-size:1.4em}table{width:100%;border-collapse:collapse}"
                + "td{padding:.4em 0;border-top:1px solid #cde}td+td{text-align:right;font-weight:600;white-space:pre}"
                + "p{color:#678}</style><h1>Hello from a managed TCP/IP stack</h1><table><tr><td>Up-time<td>";
            int days = body.Length;
            body += "          " + " d ";
            int clock = body.Length;
            body += "00:00:00<tr><td>Packets received<td>";
            int received = body.Length;
            body += "          <tr><td>Packets sent<td>";
            int sent = body.Length;
            body += "          <tr><td>Free frames<td>";
            int free = body.Length;
            body += "           of " + _totalFrames.ToString() + "<tr><td>Link<td>";
            int link = body.Length;
            body += "down<tr><td>Link changes<td>";
            int changes = body.Length;
            body += "          <tr><td>Pages served<td>";
            int served = body.Length;
            body += "          </table><p>Every frame on the way to this page was handled in C#, without one allocation.\n";

            string header = HttpResponse.Header("200 OK", "text/html; charset=utf-8", body.Length, string.Empty);
            _daysAt = header.Length + days;
            _clockAt = header.Length + clock;
            _receivedAt = header.Length + received;
            _sentAt = header.Length + sent;
            _freeAt = header.Length + free;
            _linkAt = header.Length + link;
            _changesAt = header.Length + changes;
            _servedAt = header.Length + served;
            _response = new WordBuffer(header + body, stack.Pool.Order);
            _headResponse = new WordBuffer(header, stack.Pool.Order);
        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        public override WordBuffer HeadResponse => _headResponse;

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
            _served++;
            uint seconds = _seconds;
            _response.WriteDecimal(_daysAt, NumberWidth, seconds / 86400);
            WriteTwoDigits(_clockAt, seconds / 3600 % 24);
            WriteTwoDigits(_clockAt + 3, seconds / 60 % 60);
            WriteTwoDigits(_clockAt + 6, seconds % 60);
            _response.WriteDecimal(_receivedAt, NumberWidth, _stack.Ethernet.Counters.FramesReceived);
            _response.WriteDecimal(_sentAt, NumberWidth, _stack.Ethernet.Counters.FramesSent);
            _response.WriteDecimal(_freeAt, NumberWidth, (uint)_stack.Pool.Free);
            _response.WriteDecimal(_changesAt, NumberWidth, _stack.Ethernet.Counters.LinkChanges);
            _response.WriteDecimal(_servedAt, NumberWidth, _served);

            bool up = _ethernet.IsLinkUp;
            _response.SetByte(_linkAt, up ? ' ' : 'd');
            _response.SetByte(_linkAt + 1, up ? ' ' : 'o');
            _response.SetByte(_linkAt + 2, up ? 'u' : 'w');
            _response.SetByte(_linkAt + 3, up ? 'p' : 'n');
        }

        private void WriteTwoDigits(int offset, uint value)
        {
            _response.SetByte(offset, (int)('0' + (value / 10)));
            _response.SetByte(offset + 1, (int)('0' + (value % 10)));
        }
    }
}
