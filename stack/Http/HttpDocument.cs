// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// A page that stays as it is: text, an image, a script. Who has it already is told so (ETag, RFC 9110 section 8.8.3).
    /// </summary>
    public sealed class HttpDocument : HttpPage
    {
        private readonly WordBuffer _response;
        private readonly byte[] _tag;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpDocument"/> class with text, which is sent as UTF-8.
        /// </summary>
        /// <param name="path">Such as "/style.css".</param>
        /// <param name="contentType">Such as "text/css; charset=utf-8".</param>
        /// <param name="text">The text.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <exception cref="ArgumentNullException">Something is missing.</exception>
        public HttpDocument(string path, string contentType, string text, WordOrder order)
            : this(path, contentType, text == null ? null : HttpCharacters.Utf8Of(text), string.Empty, order)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpDocument"/> class with bytes.
        /// </summary>
        /// <param name="path">Such as "/favicon.ico".</param>
        /// <param name="contentType">Such as "image/x-icon".</param>
        /// <param name="content">The bytes.</param>
        /// <param name="otherFields">More header fields, each ended by CR LF, such as "Content-Encoding: gzip\r\n"; or an empty string.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <exception cref="ArgumentNullException">Something is missing.</exception>
        public HttpDocument(string path, string contentType, byte[] content, string otherFields, WordOrder order)
            : base(path)
        {
            if (content == null)
            {
                throw new ArgumentNullException(nameof(content));
            }

            // FNV-1a: two contents of one path with the same tag are as good as impossible
            uint hash = 2166136261;
            for (int i = 0; i < content.Length; i++)
            {
                hash = (hash ^ content[i]) * 16777619;
            }

            string tag = "\"";
            for (int i = 28; i >= 0; i -= 4)
            {
                tag += "0123456789abcdef"[(int)(hash >> i) & 15];
            }

            tag += "\"";
            _tag = HttpCharacters.BytesOf(tag);
            string header = HttpResponse.Header("200 OK", contentType, content.Length, "no-cache", "ETag: " + tag + "\r\n" + otherFields);
            _response = new WordBuffer(header, content, order);
        }

        /// <inheritdoc/>
        public override WordBuffer Response => _response;

        /// <inheritdoc/>
        internal override byte[] Tag => _tag;

        /// <inheritdoc/>
        public override void Update(int now)
        {
        }
    }
}
