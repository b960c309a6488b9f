// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Http;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// A page of any text; a number at its start counts how often it was served.
    /// </summary>
    internal sealed class StaticPage : HttpPage
    {
        private readonly WordBuffer _response;
        private readonly int _headerLength;
        private uint _served;

        internal StaticPage(string path, string body, WordOrder order)
            : base(path)
        {
            string header = HttpResponse.Header("200 OK", "text/plain", NumberWidth + body.Length, string.Empty);
            _headerLength = header.Length;
            _response = new WordBuffer(header + "          " + body, order);
        }

        /// <summary>Gets the width of the number.</summary>
        internal static int NumberWidth => 10;

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        public override void Update(int now)
        {
            _served++;
            _response.WriteDecimal(_headerLength, NumberWidth, _served);
        }
    }
}
