// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace System.Net.Security
{
    /// <summary>
    /// Is here so that libraries start which name it. There is no TLS over these sockets: the firmware's native code encrypts its own
    /// connections only, and a managed one would take minutes for a handshake. Authenticating says so.
    /// </summary>
    public class SslStream : NetworkStream
    {
        private const string Reason =
            "No TLS over this network: the firmware can only encrypt its own connections. Use http, ws or mqtt in place of https, wss or mqtts.";

        private SslVerification _verification = SslVerification.NoVerification;
        private bool _useStoredDeviceCertificate;

        /// <summary>Gets or sets how strictly the peer's certificate would be looked at.</summary>
        public SslVerification SslVerification
        {
            get => _verification;
            set => _verification = value;
        }

        /// <summary>Gets or sets a value indicating whether the certificate that the board has stored would be used.</summary>
        public bool UseStoredDeviceCertificate
        {
            get => _useStoredDeviceCertificate;
            set => _useStoredDeviceCertificate = value;
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="SslStream"/> class.
        /// </summary>
        /// <param name="socket">A connected socket.</param>
        public SslStream(Socket socket)
            : base(socket, false)
        {
        }

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="targetHost">Not used.</param>
        /// <param name="enabledSslProtocols">Not used either.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void AuthenticateAsClient(string targetHost, SslProtocols enabledSslProtocols) => Authenticate(null);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="targetHost">Not used.</param>
        /// <param name="clientCertificate">Not used either.</param>
        /// <param name="enabledSslProtocols">Nor is this.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void AuthenticateAsClient(string targetHost, X509Certificate clientCertificate, SslProtocols enabledSslProtocols) =>
            Authenticate(clientCertificate);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="targetHost">Not used.</param>
        /// <param name="clientCertificate">Not used either.</param>
        /// <param name="ca">Nor is this.</param>
        /// <param name="enabledSslProtocols">Nor this.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void AuthenticateAsClient(string targetHost, X509Certificate clientCertificate, X509Certificate ca, SslProtocols enabledSslProtocols) =>
            Authenticate(clientCertificate);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="serverCertificate">Not used.</param>
        /// <param name="enabledSslProtocols">Not used either.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void AuthenticateAsServer(X509Certificate serverCertificate, SslProtocols enabledSslProtocols) => Authenticate(serverCertificate);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="serverCertificate">Not used.</param>
        /// <param name="clientCertificateRequired">Not used either.</param>
        /// <param name="enabledSslProtocols">Nor is this.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void AuthenticateAsServer(X509Certificate serverCertificate, bool clientCertificateRequired, SslProtocols enabledSslProtocols) =>
            Authenticate(serverCertificate);

        /// <summary>Gets a value indicating whether this is the server's side, which nothing ever is.</summary>
        public bool IsServer => false;

        /// <summary>Gets nothing: a connection has no length.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override long Length => throw new NotSupportedException(Reason);

        /// <summary>Gets a value indicating whether a read will find something: never, for nobody was authenticated.</summary>
        public override bool DataAvailable => false;

        /// <summary>
        /// Closes it.
        /// </summary>
        ~SslStream()
        {
            Dispose(false);
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing) => base.Dispose(disposing);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="buffer">Not used.</param>
        /// <param name="offset">Not used either.</param>
        /// <param name="size">Nor is this.</param>
        /// <returns>Never.</returns>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override int Read(byte[] buffer, int offset, int size) => throw new NotSupportedException(Reason);

        /// <summary>
        /// Says that there is no TLS.
        /// </summary>
        /// <param name="buffer">Not used.</param>
        /// <param name="offset">Not used either.</param>
        /// <param name="size">Nor is this.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public override void Write(byte[] buffer, int offset, int size) => throw new NotSupportedException(Reason);

        /// <summary>
        /// The certificate is taken, and not looked at: with it this names the types in the order that the firmware's table has them.
        /// </summary>
        internal void Authenticate(X509Certificate certificate) => throw new NotSupportedException(Reason);
    }
}
