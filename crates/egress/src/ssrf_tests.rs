//! Addresses by which a service of strangers would lead the program into its own network (S14): none of them is connected to.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ureq::unversioned::transport::{ConnectionDetails, Transport};

use super::*;

const LIMITS: Limits = Limits { timeout: Duration::from_secs(2), answer_bytes: 10 };

/// Spellings of addresses of this machine, its networks and the like, as hosts.
const HOSTS: &[&str] = &[
    // Plainly, and in every range that is nobody's out in the world.
    "127.0.0.1",
    "127.0.0.2",
    "127.1.2.3",
    "127.255.255.255",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    // The same numbers written short, in octal, hexadecimal and as one number.
    "127.1",
    "127.0.1",
    "0",
    "0.0",
    "10.1",
    "192.168.1",
    "0177.0.0.1",
    "0177.1",
    "00177.0.0.1",
    "0177.0.0.01",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0X7F.0.0.1",
    "0x7f000001",
    "0x7F000001",
    "2130706433",
    "017700000001",
    "017700000002",
    "2130706434",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "0xa9.0xfe.0xa9.0xfe",
    "169.254.43518",
    "169.16689662",
    "0xc0a80001",
    "3232235521",
    "0300.0250.0.1",
    "0x0a000001",
    "167772161",
    "012.1",
    "0x7f.0.1",
    "127.0.0x1",
    "127.0x0.0.1",
    "0x0",
    "00",
    "0x00000000",
    "4294967295",
    "0xffffffff",
    // Numbers that are none: too large, too many, other digits.
    "127.0.0.1.",
    "127.0.0.1.1",
    "256.0.0.1",
    "127.0.0.256",
    "999999999999",
    "0x17f000001",
    "4294967296",
    "127.0.0.-1",
    "127..1",
    "127.0.0.1%2e",
    "127.0.0.1%00",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "ⓛocalhost",
    "ｌocalhost",
    "loc\u{ad}alhost",
    "127.0.0.1\u{200b}",
    // IPv6 of this machine, of links, of sites, for groups and documents.
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::]",
    "[0:0:0:0:0:0:0:0]",
    "[::2]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fe80::1%25eth0]",
    "[fe80::1%lo]",
    "[febf::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[ff05::1:3]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[4000::1]",
    "[2001::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    // IPv4 within IPv6: mapped, compatible, translated, tunnelled.
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::FFFF:7F00:0001]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:192.168.0.1]",
    "[::ffff:0.0.0.0]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::a00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::ffff:0:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:0001::1]",
    "[2002:a9fe:a9fe::1]",
    "[2002:c0a8:1::1]",
    "[2001:0:7f00:1::]",
    "[2001:0:0:0:0:0:80ff:fefe]",
    "[::1%25lo]",
    "[::ffff:127.0.0.1%25lo]",
    // Names: of this machine, and of strangers whose name service says "this machine".
    "localhost",
    "LOCALHOST",
    "LocalHost",
    "localhost.",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "app.localhost",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "127.0.0.1.nip.io",
    "www.127.0.0.1.xip.io",
    "7f000001.nip.io",
    "spoofed.burpcollaborator.net",
    "metadata.google.internal",
    "metadata",
    "instance-data",
    "kubernetes.default.svc",
    "host.docker.internal",
    "router.local",
    "xn--lcalhost-vwc",
    "xn--ocalhost-9fg",
    "xn--e1afmkfd.example",
    "rebind.example",
    "a.7f000001.08080808.rbndr.us",
    "evil.example",
    "intranet",
    "db",
    "printer.lan",
];

/// Whole addresses with something odd outside of the host. `{port}` is where somebody listens on this machine.
const WHOLE: &[&str] = &[
    "http://evil.example@127.0.0.1:{port}/",
    "http://user:password@127.0.0.1:{port}/",
    "http://evil.example:80@127.0.0.1:{port}/",
    "http://evil.example%40127.0.0.1:{port}/",
    "http://evil.example#@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@evil.example/",
    "http://127.0.0.1:{port}?@evil.example/",
    "http://127.0.0.1:{port}\\@evil.example/",
    "http://evil.example\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/%0d%0aHost:%20evil",
    "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http://",
    "http://:{port}/",
    "https://127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "hTTpS://[::1]:{port}/",
    "ftp://127.0.0.1:{port}/",
    "ftps://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET%20/",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "tftp://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}!/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "data:text/plain,x",
    "javascript:1",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "socks5://127.0.0.1:{port}/",
    "netdoc:///etc/passwd",
    "http://127.0.0.1:{port} /",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1 :{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\r\n:{port}/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:+{port}/",
    "http://[::1:{port}/",
    "http://[127.0.0.1]:{port}/",
    "http://127.0.0.1:{port}:80/",
    "http://127.0.0.1&@evil.example:{port}/",
];

/// A name service of strangers: whatever has letters is this machine, numbers are read as the system reads them.
#[derive(Debug)]
struct HostileNames(DefaultResolver);

impl Resolver for HostileNames {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let is_number = host.starts_with('[') || host.bytes().all(|c| c.is_ascii_hexdigit() || b".xX-".contains(&c));
        if is_number {
            return self.0.resolve(uri, config, timeout);
        }
        let port = uri.port_u16().unwrap_or(80);
        let mut found = self.empty();
        found.push(SocketAddr::from(([127, 0, 0, 1], port)));
        found.push(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port)));
        Ok(found)
    }
}

fn config() -> Config {
    Config::builder().max_redirects(0).max_redirects_will_error(false).proxy(None).build()
}

/// Counts whoever comes to `port` of this machine.
fn listen(listener: TcpListener, visits: &Arc<AtomicUsize>) {
    let visits = visits.clone();
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            visits.fetch_add(1, Ordering::SeqCst);
        }
    });
}

#[test]
fn ssrf_corpus() {
    let visits = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listen(listener, &visits);
    // A machine without IPv6 has nobody there to protect.
    if let Ok(listener) = TcpListener::bind(("::1", port)) {
        listen(listener, &visits);
    }
    let urls: Vec<String> = HOSTS
        .iter()
        .map(|host| format!("http://{host}:{port}/hook"))
        .chain(WHOLE.iter().map(|url| url.replace("{port}", &port.to_string())))
        .collect();
    assert!(urls.len() >= 150, "{}", urls.len());
    let client =
        Client::with_parts(config(), DefaultConnector::default(), HostileNames(DefaultResolver::default()), false);
    for url in &urls {
        let sent = client.post(url, &[], b"{}", LIMITS);
        assert!(
            matches!(sent, Err(EgressError::LocalAddress | EgressError::Unreachable(_) | EgressError::BadAnswer(_))),
            "{url}: {sent:?}"
        );
        assert!(client.get_json(url).is_err(), "{url}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "somebody came into the own network");
    // The listener does hear: who may come in does.
    let open = Client::with_parts(config(), DefaultConnector::default(), DefaultResolver::default(), true);
    assert!(open.post(&format!("http://127.0.0.1:{port}/"), &[], b"{}", LIMITS).is_err());
    assert_eq!(visits.load(Ordering::SeqCst), 1);
}

/// A name that is out in the world when it is judged and at home afterwards; and one that is both at once.
#[derive(Debug, Default)]
struct Rebinding(AtomicUsize);

const OUTSIDE_V4: [u8; 4] = [8, 8, 8, 8];

impl Resolver for Rebinding {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let (outside, home) = (SocketAddr::from((OUTSIDE_V4, 80)), SocketAddr::from(([127, 0, 0, 1], 80)));
        let mut found = self.empty();
        match self.0.fetch_add(1, Ordering::SeqCst) % 3 {
            0 => found.push(outside),
            1 => found.push(home),
            _ => [home, outside, home].into_iter().for_each(|address| found.push(address)),
        }
        Ok(found)
    }
}

/// Notes where it should connect to, and does not.
#[derive(Clone, Debug, Default)]
struct Noting(Arc<Mutex<Vec<SocketAddr>>>);

impl Connector for Noting {
    type Out = Box<dyn Transport>;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Self::Out>, ureq::Error> {
        self.0.lock().unwrap().extend(details.addrs.iter().copied());
        Err(ureq::Error::ConnectionFailed)
    }
}

#[test]
fn a_name_that_changes_its_mind_leads_nowhere_else() {
    let connector = Noting::default();
    let client = Client::with_parts(config(), connector.clone(), Rebinding::default(), false);
    let sent: Vec<_> = (0..6).map(|_| client.post("http://rebind.example/hook", &[], b"{}", LIMITS)).collect();
    // Asked once for each request: what was judged is what is connected to.
    assert_eq!(connector.0.lock().unwrap().as_slice(), [SocketAddr::from((OUTSIDE_V4, 80)); 4]);
    let local = sent.iter().filter(|sent| matches!(sent, Err(EgressError::LocalAddress))).count();
    assert_eq!(local, 2, "{sent:?}");
}
