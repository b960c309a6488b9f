// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Http;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// A page as large as the firmware's status page, with as many digits to write: what it costs here it costs there.
    /// </summary>
    internal sealed class FirmwareLikePage : HttpPage
    {
        private const int BodyLength = 1024;
        private const int NumberWidth = 10;
        private const int Numbers = 6;
        private const int Seconds = Numbers;

        private readonly TcpIpStack _stack;
        private readonly WordBuffer _response;
        private readonly int _numbersAt;
        private readonly int _clockAt;
        private readonly uint[] _shown = new uint[Seconds + 1];
        private uint _served;

        internal FirmwareLikePage(TcpIpStack stack)
            : base("/")
        {
            _stack = stack;
            string body = string.Empty;
            while (body.Length < BodyLength)
            {
                body += "<tr><td>Packets received<td>          ";
            }

            body = body.Substring(0, BodyLength);
            string header = HttpResponse.Header("200 OK", "text/html; charset=utf-8", body.Length, string.Empty);
            _numbersAt = (header.Length + 100) & ~1;
            _clockAt = _numbersAt + (Numbers * NumberWidth);
            _response = new WordBuffer(header + body, stack.Pool.Order);
            for (int i = 0; i < Numbers; i++)
            {
                _response.WriteDecimal(_numbersAt + (i * NumberWidth), NumberWidth, 0);
            }

        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        public override void Update(int now)
        {
            _served++;
            uint seconds = (uint)now / 1000;
            if (seconds != _shown[Seconds])
            {
                _shown[Seconds] = seconds;
                _response.WriteTwoDigits(_clockAt + 6, (int)(seconds % 60));
            }

            Show(0, seconds / 86400);
            Show(1, _stack.Ethernet.Counters.FramesReceived);
            Show(2, _stack.Ethernet.Counters.FramesSent);
            Show(3, (uint)_stack.Pool.Free);
            Show(4, _stack.Ethernet.Counters.LinkChanges);
            Show(5, _served);
        }

        private void Show(int number, uint value)
        {
            uint before = _shown[number];
            if (value != before)
            {
                _response.ChangeDecimal(_numbersAt + (number * NumberWidth), NumberWidth, before, value);
                _shown[number] = value;
            }
        }
    }
}
