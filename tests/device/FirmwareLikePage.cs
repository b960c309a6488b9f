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

        private readonly TcpIpStack _stack;
        private readonly WordBuffer _response;
        private readonly WordBuffer _headResponse;
        private readonly int _numbersAt;
        private readonly int _clockAt;
        private readonly int _linkAt;
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
            _numbersAt = header.Length + 100;
            _clockAt = _numbersAt + (Numbers * NumberWidth);
            _linkAt = _clockAt + 8;
            _response = new WordBuffer(header + body, stack.Pool.Order);
            _headResponse = new WordBuffer(header, stack.Pool.Order);
        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        public override WordBuffer HeadResponse => _headResponse;

        /// <inheritdoc/>
        public override void Update(int now)
        {
            _served++;
            uint seconds = (uint)now / 1000;
            int offset = _numbersAt;
            _response.WriteDecimal(offset, NumberWidth, seconds / 86400);
            _response.WriteDecimal(offset + 10, NumberWidth, _stack.Ethernet.Counters.FramesReceived);
            _response.WriteDecimal(offset + 20, NumberWidth, _stack.Ethernet.Counters.FramesSent);
            _response.WriteDecimal(offset + 30, NumberWidth, (uint)_stack.Pool.Free);
            _response.WriteDecimal(offset + 40, NumberWidth, _stack.Ethernet.Counters.LinkChanges);
            _response.WriteDecimal(offset + 50, NumberWidth, _served);
            WriteTwoDigits(_clockAt, seconds / 3600 % 24);
            WriteTwoDigits(_clockAt + 3, seconds / 60 % 60);
            WriteTwoDigits(_clockAt + 6, seconds % 60);
            _response.SetByte(_linkAt, ' ');
            _response.SetByte(_linkAt + 1, ' ');
            _response.SetByte(_linkAt + 2, 'u');
            _response.SetByte(_linkAt + 3, 'p');
        }

        private void WriteTwoDigits(int offset, uint value)
        {
            _response.SetByte(offset, (int)('0' + (value / 10)));
            _response.SetByte(offset + 1, (int)('0' + (value % 10)));
        }
    }
}
