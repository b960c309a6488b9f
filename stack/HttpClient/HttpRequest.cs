// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// A request as it goes over the wire, laid out once at start-up. It can be made again and again, with another body each time.
    /// </summary>
    public sealed class HttpRequest
    {
        /// <summary>The field that a body without a length has.</summary>
        internal const string Chunked = "Transfer-Encoding: chunked\r\n";

        private const int LengthWidth = 8;
        private const int LongestBody = 99999999;

        private readonly HttpUrl _url;
        private readonly byte[] _method;
        private readonly byte[] _type;
        private readonly byte[] _fields;
        private readonly WordBuffer _head;
        private readonly int _lengthAt;
        private byte[] _body;
        private int _bodyStart;
        private int _bodyLength;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequest"/> class, without fields of its own.
        /// </summary>
        /// <param name="method">GET, HEAD, DELETE or another method; POST, PUT and PATCH have an empty body if none is set.</param>
        /// <param name="url">An absolute URL, such as "http://example.org:8000/reading?room=2".</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <exception cref="ArgumentException">As of the other constructor.</exception>
        public HttpRequest(string method, string url, WordOrder order)
            : this(method, url, null, string.Empty, order)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequest"/> class.
        /// </summary>
        /// <param name="method">GET, HEAD, POST, PUT, PATCH, DELETE or another method, in capital letters.</param>
        /// <param name="url">An absolute URL. What is not ASCII must be percent-encoded.</param>
        /// <param name="contentType">The type of the body, or null if there is none.</param>
        /// <param name="fields">Further fields, each a whole line: "Accept: text/plain\r\nX-Key: 7\r\n". Host, Content-Type, Content-Length,
        /// Transfer-Encoding and Connection are not among them. They are not sent to another host than the URL's, whoever redirects.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <exception cref="ArgumentException">One of them is no good; of https too: there is no TLS here.</exception>
        public HttpRequest(string method, string url, string contentType, string fields, WordOrder order)
            : this(method, url, contentType, fields, false, order)
        {
        }

        private HttpRequest(string method, string url, string contentType, string fields, bool isStreamed, WordOrder order)
        {
            if (method == null || url == null || fields == null)
            {
                throw new ArgumentNullException(method == null ? nameof(method) : url == null ? nameof(url) : nameof(fields));
            }

            _method = HttpUrl.BytesOf(method);
            _fields = HttpUrl.BytesOf(fields);
            if (!HttpTokens.AreMethod(_method) || method == "CONNECT")
            {
                throw new ArgumentException("It is no method of HTTP that asks for something, such as GET.", nameof(method));
            }

            if (!HttpTokens.AreFields(_fields))
            {
                throw new ArgumentException("Fields are whole lines, \"Name: value\\r\\n\" each, without those that the client sends itself.", nameof(fields));
            }

            _url = new HttpUrl(url.Length + 1);
            int result = _url.Parse(url);
            if (result != 0)
            {
                throw new ArgumentException(url + ": " + HttpClient.Describe(result), nameof(url));
            }

            IsHead = method == "HEAD";
            IsIdempotent = IsHead || method == "GET" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
            IsPost = method == "POST";
            IsStreamed = isStreamed;
            HasBody = isStreamed || contentType != null || IsPost || method == "PUT" || method == "PATCH";
            string type = contentType == null ? string.Empty : "Content-Type: " + contentType + "\r\n";
            _type = HttpUrl.BytesOf(type);
            if (_type.Length > 0 && !HttpTokens.IsLine(_type))
            {
                throw new ArgumentException("It is no type such as text/plain.", nameof(contentType));
            }

            string head = method + " " + TextOf(_url.AuthorityLength, _url.Length) + " HTTP/1.1\r\nHost: " + TextOf(0, _url.AuthorityLength) + "\r\n" + fields + type;
            if (isStreamed)
            {
                head += Chunked;
            }
            else if (HasBody)
            {
                head += "Content-Length: ";
                _lengthAt = head.Length;
                head += "       0\r\n";
            }

            _head = new WordBuffer(head + "\r\n", order);
        }

        /// <summary>Gets the number of bytes of the body.</summary>
        public int BodyLength => _bodyLength;

        /// <summary>Gets a value indicating whether the answer has no body, whatever it says.</summary>
        internal bool IsHead { get; }

        /// <summary>Gets a value indicating whether to make it twice is as good as once (RFC 9110 section 9.2.2).</summary>
        internal bool IsIdempotent { get; }

        /// <summary>Gets a value indicating whether browsers ask with GET when such a request is moved (RFC 9110 section 15.4.2).</summary>
        internal bool IsPost { get; }

        /// <summary>Gets a value indicating whether there is a body.</summary>
        internal bool HasBody { get; }

        /// <summary>Gets a value indicating whether the body is written piece by piece, and its length not told.</summary>
        internal bool IsStreamed { get; }

        /// <summary>Gets the URL.</summary>
        internal HttpUrl Url => _url;

        /// <summary>Gets the method's name.</summary>
        internal byte[] Method => _method;

        /// <summary>Gets the line with the body's type, or nothing.</summary>
        internal byte[] Type => _type;

        /// <summary>Gets the application's own fields.</summary>
        internal byte[] Fields => _fields;

        /// <summary>Gets the whole header.</summary>
        internal WordBuffer Head => _head;

        /// <summary>Gets the body, or null.</summary>
        internal byte[] Body => _body;

        /// <summary>Gets where in it the body begins.</summary>
        internal int BodyStart => _bodyStart;

        /// <summary>
        /// Makes a request whose body is written while it is under way: <see cref="HttpClient.Write(byte[], int, int)"/>, and at its end
        /// <see cref="HttpClient.EndBody"/>. It goes in chunks, which servers of HTTP/1.0 do not understand; some others want a length, and say 411.
        /// </summary>
        /// <param name="method">POST, PUT, PATCH or another method.</param>
        /// <param name="url">As of the constructor.</param>
        /// <param name="contentType">The type of the body, or null if it is not told.</param>
        /// <param name="fields">As of the constructor.</param>
        /// <param name="order">The word order of the stack's frames.</param>
        /// <returns>The request.</returns>
        /// <exception cref="ArgumentException">As of the constructor.</exception>
        public static HttpRequest Streamed(string method, string url, string contentType, string fields, WordOrder order)
        {
            return new HttpRequest(method, url, contentType, fields, true, order);
        }

        /// <summary>
        /// Sets the body. The bytes are not copied: they must stay as they are until the request is over.
        /// </summary>
        /// <param name="body">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>0, or InvalidArgument, OperationNotSupported if the request was made without a body, or streams it.</returns>
        public int SetBody(byte[] body, int offset, int count)
        {
            if (body == null || offset < 0 || count < 0 || count > body.Length - offset || count > LongestBody)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (!HasBody || IsStreamed)
            {
                return (int)SocketError.OperationNotSupported;
            }

            _body = body;
            _bodyStart = offset;
            if (count != _bodyLength)
            {
                _head.WriteDecimal(_lengthAt, LengthWidth, (uint)count);
                _bodyLength = count;
            }

            return 0;
        }

        private string TextOf(int start, int end)
        {
            char[] characters = new char[end - start];
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)_url.Bytes[start + i];
            }

            return new string(characters);
        }
    }
}
